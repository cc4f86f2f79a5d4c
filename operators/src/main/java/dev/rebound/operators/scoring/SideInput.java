package dev.rebound.operators.scoring;

import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.schemas.ModelRelease;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** What is broadcast to every scoring task beside the tasks that it scores; exactly one of the three is set. */
public final class SideInput {
    /** For Flink. */
    public static final TypeInformation<SideInput> TYPE =
            new RecordTypeInformation<>(SideInput.class, new SideInputSerializer());

    @Nullable
    ItemUpdate item;

    @Nullable
    CampaignUpdate campaign;

    @Nullable
    ModelRelease release;

    /** Makes it hold an item, which it does not copy. */
    public void item(ItemUpdate update) {
        item = update;
        campaign = null;
        release = null;
    }

    /** Makes it hold a campaign, which it does not copy. */
    public void campaign(CampaignUpdate update) {
        item = null;
        campaign = update;
        release = null;
    }

    /** Makes it hold a release, which it does not copy. */
    public void release(ModelRelease announced) {
        item = null;
        campaign = null;
        release = announced;
    }

    /** Makes a record the side input, in one instance a task that each record overwrites. */
    public static final class Of<T> extends RichMapFunction<T, SideInput> {
        private static final long serialVersionUID = 1L;

        private final Part<T> part;
        private transient SideInput input;

        /** @param part which of the three it is */
        public Of(Part<T> part) {
            this.part = part;
        }

        @Override
        public void open(OpenContext context) {
            input = new SideInput();
        }

        @Override
        public SideInput map(T value) {
            part.set(input, value);
            return input;
        }
    }

    /** Sets one of the three. */
    public interface Part<T> extends Serializable {
        void set(SideInput input, T value);
    }
}
