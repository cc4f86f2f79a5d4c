package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static dev.rebound.deploy.lab.reconcile.Records.anItem;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.UserProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles that count rightly and say what is wrong. */
class ProfileContentTest {
    private static final long WEEK = Duration.ofDays(7).toMillis();

    private final RightShop shop = new RightShop();

    /** Looks at a book a week ago, then puts a pen into the cart and looks at it again. */
    @BeforeEach
    void whatAUserDid() {
        shop.offer(item("book", "books", "acme", 400), "book");
        shop.offer(item("pen", "pens", "biro", 100), "pen");
        does("e1", EventType.VIEW, "book", NOW - WEEK);
        does("e2", EventType.CART, "pen", NOW - 1000);
        does("e3", EventType.VIEW, "pen", NOW);
        shop.actual.recommendation(at(recommendation("r1", "u1", null, "e1", NOW, "i1")));
        shop.actual.recommendation(at(recommendation("r2", "u1", null, "e2", NOW, "i1")));
    }

    private static byte[] item(String id, String category, String brand, long price) {
        return encoded(anItem(id)
                .setCategoryPath(List.of("shop", category))
                .setBrand(brand)
                .setPriceMinor(price)
                .build());
    }

    private void does(String id, EventType type, String itemId, long millis) {
        BehaviourEvent event =
                anEvent(id, "u1", type).setItemId(itemId).setEventTime(millis).build();
        shop.expect(encoded(event));
    }

    /** A view counts 1 and half of it a week later, a cart 3: the view after it makes it no stronger. */
    private static UserProfile.Builder right() {
        return Records.aProfile("u1", Map.of("VIEW", 2L, "CART", 1L))
                .setSessions(2)
                .setFirstEventTime(NOW - WEEK)
                .setLastEventTime(NOW)
                .setRecentItemIds(List.of("pen", "book"))
                .setCategoryInterests(Map.of("pens", 3f / 3.5f, "books", 0.5f / 3.5f))
                .setBrandInterests(Map.of("biro", 3f / 3.5f, "acme", 0.5f / 3.5f))
                .setMeanPriceMinor(200L);
    }

    private void says(UserProfile.Builder profile) {
        shop.actual.profile(at(encoded(profile.build())));
    }

    @Test
    void whatIsRightIsFoundRight() {
        says(right());

        assertThat(shop.findings()).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("sessions", profile -> profile.setSessions(3)),
                wrong("firstEventTime", profile -> profile.setFirstEventTime(NOW)),
                wrong("lastEventTime", profile -> profile.setLastEventTime(NOW - 1000)),
                wrong("recentItemIds", profile -> profile.setRecentItemIds(List.of("book", "pen"))),
                wrong("recentItemIds", profile -> profile.setRecentItemIds(List.of("pen", "pen", "book"))),
                wrong("categoryInterests", profile -> profile.setCategoryInterests(Map.of("pens", 1f))),
                wrong(
                        "categoryInterests",
                        profile -> profile.setCategoryInterests(Map.of("pens", 0.5f, "books", 0.5f))),
                wrong(
                        "categoryInterests",
                        profile -> profile.setCategoryInterests(Map.of("shop", 3f / 3.5f, "books", 0.5f / 3.5f))),
                wrong("brandInterests", profile -> profile.setBrandInterests(Map.of())),
                wrong("meanPriceMinor", profile -> profile.setMeanPriceMinor(250L)),
                wrong("meanPriceMinor", profile -> profile.setMeanPriceMinor(null)));
    }

    private static Arguments wrong(String field, Consumer<UserProfile.Builder> change) {
        return Arguments.of(field, change);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsFound(String field, Consumer<UserProfile.Builder> change) {
        UserProfile.Builder profile = right();
        change.accept(profile);
        says(profile);

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("1 profiles count rightly and say what is wrong, such as that of " + Masked.user("u1"))
                .contains(field);
    }

    @Test
    void nothingIsSaidOfInterestsWhileTheCatalogChanges() {
        shop.expected.catalog(inCatalog(5, NOW - 30_000, "pen", item("pen", "ink", "biro", 100)));
        says(right().setCategoryInterests(Map.of("ink", 3f / 3.5f, "books", 0.5f / 3.5f)));
        assertThat(shop.findings()).isEmpty();

        says(right().setSessions(1));
        assertThat(shop.findings()).isNotEmpty();
    }
}
