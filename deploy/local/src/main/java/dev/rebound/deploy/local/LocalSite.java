package dev.rebound.deploy.local;

import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.site.mirror.SiteMirror;
import java.util.Optional;

/** The local stack for those to whom it is a site like any other. */
public final class LocalSite {
    private LocalSite() {}

    /** The stack of this process' folder, up or not. */
    public static Site ofThisProcess() {
        return LocalStack.in(StackLayout.ofThisProcess());
    }

    /** The stack of this name, up or not; empty if none was ever started. */
    public static Optional<Site> named(String name) {
        return exists(name) ? Optional.of(LocalStack.named(name, StackLayout.ofThisProcess())) : Optional.empty();
    }

    /** What copies topics to this site, as a process of this machine. */
    public static SiteMirror mirror(Site target) {
        return LocalMirror.to(target);
    }

    /** Whether there is a stack of this name; those beside the main one are made by their first start. */
    public static boolean exists(String name) {
        return LocalStack.exists(name, StackLayout.ofThisProcess());
    }
}
