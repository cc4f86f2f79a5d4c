package dev.rebound.deploy.local;

import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;

/** The local stack for those to whom it is a site like any other. */
public final class LocalSite {
    private LocalSite() {}

    /** The stack of this process' folder, up or not. */
    public static Site ofThisProcess() {
        return LocalStack.in(StackLayout.ofThisProcess());
    }
}
