package dev.rebound.operators.scoring;

import dev.rebound.schemas.ModelRelease;
import java.io.Serializable;

/** Brings a released model into memory, checked. */
public interface ModelOpener extends Serializable {

    /**
     * @param maxUsers most users in a batch
     * @param candidates candidates a user
     * @throws Exception whatever is wrong with the package; it is then refused
     */
    RankingModel open(ModelRelease release, int maxUsers, int candidates) throws Exception;
}
