package dev.rebound.deploy.gateway.local;

import java.nio.charset.StandardCharsets;

/**
 * What is kept of an item of the catalog.
 *
 * @param category the leaf of its path; empty where it has none
 */
record HeldItem(boolean available, String category) {
    byte[] toBytes() {
        byte[] name = category.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[name.length + 1];
        bytes[0] = (byte) (available ? 1 : 0);
        System.arraycopy(name, 0, bytes, 1, name.length);
        return bytes;
    }

    static HeldItem of(byte[] bytes) {
        return new HeldItem(bytes[0] != 0, new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
    }
}
