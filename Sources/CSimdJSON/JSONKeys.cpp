#include "JSONKeys.hpp"

#include <algorithm>
#include <cstring>

namespace {

uint64_t load(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

/// Ends and length only: equal keys have equal hashes, and nothing rests on the reverse.
uint64_t hash(const uint8_t *key, uint32_t length) {
    uint64_t head = load(key);
    uint64_t tail = 0;
    if (length < 8) {
        head &= (uint64_t(1) << 8 * length) - 1;
    } else {
        tail = load(key + length - 8);
    }
    return (head ^ (tail << 29 | tail >> 35) ^ length) * 0x9E3779B97F4A7C15;
}

bool are_equal(const json_node *a, const json_node *b, const uint8_t *bytes) {
    return a->second == b->second && memcmp(bytes + a->first, bytes + b->first, a->second) == 0;
}

constexpr uint32_t small = 64;

bool small_object_repeats(const json_node *object, const uint8_t *bytes) {
    json_key_entry seen[small];
    uint64_t filter[8] = {};
    const json_node *key = object + 1;
    for (uint32_t n = 0; n < object->second; n++) {
        uint64_t h = hash(bytes + key->first, key->second);
        uint64_t bit = uint64_t(1) << (h >> 58);
        uint64_t &word = filter[h >> 55 & 7];
        if (word & bit) {
            for (uint32_t i = 0; i < n; i++) {
                if (seen[i].hash == h && are_equal(seen[i].key, key, bytes)) { return true; }
            }
        }
        word |= bit;
        seen[n] = {h, key};
        key = json_node_next(key + 1);
    }
    return false;
}

}  // namespace

bool json_has_duplicate_keys(const json_node *object, const uint8_t *bytes, std::vector<json_key_entry> &scratch) {
    if (object->second < 2) { return false; }
    if (object->second <= small) { return small_object_repeats(object, bytes); }
    scratch.clear();
    scratch.reserve(object->second);
    const json_node *key = object + 1;
    for (uint32_t n = 0; n < object->second; n++) {
        scratch.push_back({hash(bytes + key->first, key->second), key});
        key = json_node_next(key + 1);
    }
    // Sorting, not a hash table: keys made to collide cost comparisons, never a quadratic walk.
    std::sort(scratch.begin(), scratch.end(), [bytes](const json_key_entry &a, const json_key_entry &b) {
        if (a.hash != b.hash) { return a.hash < b.hash; }
        if (a.key->second != b.key->second) { return a.key->second < b.key->second; }
        return memcmp(bytes + a.key->first, bytes + b.key->first, a.key->second) < 0;
    });
    for (size_t i = 1; i < scratch.size(); i++) {
        if (scratch[i - 1].hash == scratch[i].hash && are_equal(scratch[i - 1].key, scratch[i].key, bytes)) {
            return true;
        }
    }
    return false;
}
