package dev.rebound.deploy.lab.shop;

import dev.rebound.schemas.CatalogItem;

/**
 * An item that the shop sells at some time.
 *
 * @param leaf index of its category
 * @param companions indexes of items that are looked at and bought along with it
 */
// The companions are the catalog's and are never changed.
@SuppressWarnings("ArrayRecordComponent")
record ShopItem(int index, int leaf, Leaf category, String brand, String title, long priceMinor, int[] companions) {

    String itemId() {
        return String.format("item-%05d", index);
    }

    CatalogItem record(boolean available, long updatedAtMillis) {
        return CatalogItem.newBuilder()
                .setItemId(itemId())
                .setTitle(title)
                .setCategoryPath(category.path())
                .setBrand(brand)
                .setPriceMinor(priceMinor)
                .setCurrency("EUR")
                .setAvailable(available)
                .setUpdatedAt(updatedAtMillis)
                .build();
    }
}
