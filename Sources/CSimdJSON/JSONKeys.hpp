/// Repeated keys of one object.

#pragma once

#include "CSimdJSON.h"

#include <vector>

struct json_key_entry {
    uint64_t hash;
    const json_node *key;
};

/// Whether two members of the object, whose span and count are set, have the same key.
///
/// Keys are compared unescaped and byte by byte. Eight readable bytes must follow the last key.
bool json_has_duplicate_keys(const json_node *object, const uint8_t *bytes, std::vector<json_key_entry> &scratch);
