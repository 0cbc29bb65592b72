/// One walk over a page of JSON, written down as a flat tape (see JSONTape.cpp).
///
/// simdjson finds the tokens and checks UTF-8; the grammar and our policies (duplicate keys, bad scalars,
/// surrogates, U+0000, depth) are checked here, so that a fault harms one record and not its page.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a node is.
enum {
    JSON_KIND_NULL = 0,
    JSON_KIND_FALSE = 1,
    JSON_KIND_TRUE = 2,
    JSON_KIND_NUMBER = 3,
    JSON_KIND_STRING = 4,
    JSON_KIND_ARRAY = 5,
    JSON_KIND_OBJECT = 6,
    JSON_KIND_INVALID = 7,
};

/// Faults of a value; in a container's `faults` those of everything inside it too.
enum {
    JSON_FAULT_DUPLICATE_KEY = 1,
    JSON_FAULT_INVALID_VALUE = 2,
    JSON_FAULT_OVERSIZE_STRING = 4,
    JSON_FAULT_REPLACEMENT = 8,
    JSON_FAULT_REPLACEMENT_IN_KEY = 16,
    JSON_FAULT_TOO_DEEP = 32,
    JSON_FAULT_NUMBER_RANGE = 64,
};

/// A value or a key. A container is followed by its elements, or by key, value, key, value …
typedef struct json_node {
    uint8_t kind;
    /// Faults of this value and of everything inside it.
    uint8_t faults;
    /// Faults of this value alone; for an object those of its keys too.
    uint8_t own_faults;
    /// Containers: nesting, this one included; stays at 255. Others: 0.
    uint8_t height;
    /// Containers: nodes until the next sibling. Others: offset into the bytes.
    uint32_t first;
    /// Containers: number of elements or members. Others: length in bytes.
    uint32_t second;
} json_node;

/// Why a page was refused.
typedef enum json_code {
    JSON_OK = 0,
    JSON_EMPTY,
    JSON_HTML,
    JSON_UTF16,
    JSON_INVALID_UTF8,
    JSON_TRUNCATED,
    JSON_MALFORMED,
    JSON_TRAILING_BYTES,
    JSON_TOO_LARGE,
    JSON_TOO_MANY_VALUES,
    JSON_OUT_OF_MEMORY,
} json_code;

typedef struct json_limits {
    uint32_t max_depth;
    uint32_t max_string_bytes;
    uint32_t max_values;
    uint32_t max_bytes;
} json_limits;

/// A parsed page: it owns both arrays. All zero where parsing failed.
typedef struct json_tape {
    json_node *_Nullable nodes;
    uint8_t *_Nullable bytes;
    size_t node_count;
    size_t byte_count;
    /// What both arrays occupy.
    size_t memory_bytes;
} json_tape;

typedef struct json_outcome {
    json_code code;
    /// Where in the caller's bytes.
    uint32_t offset;
} json_outcome;

/// Walks `input` once and writes `tape`; `input` is copied and not needed afterwards.
json_outcome json_tape_parse(
    const uint8_t *_Nullable input, size_t length, json_limits limits, json_tape *_Nonnull tape);

/// Frees what `json_tape_parse` has allocated.
void json_tape_free(json_tape tape);

/// Whether PostgreSQL's `numeric`, and so its `jsonb`, can hold this valid number.
int json_number_is_storable(const uint8_t *_Nonnull token, size_t length);

/// Reads a valid number as an integer: 0 where it has a fraction or does not fit.
int json_number_int64(const uint8_t *_Nonnull token, size_t length, int64_t *_Nonnull result);

/// Reads a valid number as the nearest double: 0 where it is beyond a double's range.
int json_number_double(const uint8_t *_Nonnull token, size_t length, double *_Nonnull result);

/// The offset of the first byte that a JSON string must escape, or `length`.
size_t json_escape_position(const uint8_t *_Nullable text, size_t length);

/// The node after this one and everything inside it.
static inline const json_node *_Nonnull json_node_next(const json_node *_Nonnull node) {
    return node + (node->kind == JSON_KIND_ARRAY || node->kind == JSON_KIND_OBJECT ? node->first : 1u);
}

/// The value of the first member with this key, or NULL.
static inline const json_node *_Nullable json_object_find(
    const json_node *_Nonnull object, const uint8_t *_Nonnull bytes, const uint8_t *_Nonnull key, size_t length) {
    if (object->kind != JSON_KIND_OBJECT) { return NULL; }
    const json_node *node = object + 1;
    for (uint32_t left = object->second; left > 0; left--) {
        if (node->second == length && memcmp(bytes + node->first, key, length) == 0) { return node + 1; }
        node = json_node_next(node + 1);
    }
    return NULL;
}

#ifdef __cplusplus
}
#endif

#endif
