package dev.rebound.operators.model;

import dev.rebound.schemas.ModelRelease;
import java.io.Serializable;

/** Brings a released model into memory, checked. */
public interface ModelOpener extends Serializable {

    /**
     * @param maxUsers most users in a batch
     * @param candidates candidates a user
     * @throws Exception a PackageRefusedException if the package is proven to be bad; anything else says that it can't be
     *     opened now, and it is tried again
     */
    RankingModel open(ModelRelease release, int maxUsers, int candidates) throws Exception;
}
