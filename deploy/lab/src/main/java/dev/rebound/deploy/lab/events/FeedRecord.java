package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A record as it goes onto its topic, corrupt ones too.
 *
 * @param value null removes a catalog item or ends a campaign, and is a corrupt record anywhere else
 */
// Made once, sent once, never compared.
@SuppressWarnings("ArrayRecordComponent")
public record FeedRecord(Topic topic, byte @Nullable [] key, byte @Nullable [] value) {}
