/// From the bytes of a response to a tape: what kind of page it is, simdjson's first stage, our walk.
///
/// Why not simdjson's own readers: its DOM loses the page for one bad value, and On-Demand leaves faults in unread
/// values unnoticed and is compiled for the oldest processor. Its first stage alone is chosen at run time, is where
/// its speed comes from, and leaves every decision about a fault to us.

#include "CSimdJSON.h"
#include "JSONStrings.hpp"
#include "JSONWalk.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace {

/// What a thread keeps between pages.
struct workshop {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> tokenizer;
    std::vector<json_frame> frames;
    std::vector<json_key_entry> keys;

    /// Gives back what only a very large page has needed.
    void tidy() {
        if (tokenizer && tokenizer->capacity() > (size_t(1) << 20)) { tokenizer.reset(); }
        if (keys.capacity() > 4096) { std::vector<json_key_entry>().swap(keys); }
    }
};

thread_local workshop bench;

/// Zero bytes behind the page: the walk reads one, the comparison of keys eight.
constexpr size_t padding = 64;

bool make_tokenizer(size_t length) {
    if (bench.tokenizer && bench.tokenizer->capacity() >= length) { return true; }
    size_t capacity = size_t(1) << 16;
    while (capacity < length) { capacity *= 2; }
    // Beyond a mebibyte it is not kept, so it need not be larger than this page.
    if (capacity > (size_t(1) << 20)) { capacity = length; }
    return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, bench.tokenizer)
        == simdjson::SUCCESS;
}

bool looks_like_utf16(const uint8_t *p, size_t length) {
    if (length < 2) { return false; }
    bool has_mark = (p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF);
    return has_mark || p[0] == 0 || p[1] == 0;
}

json_code refusal(simdjson::error_code error, const uint8_t *bytes, size_t length, uint32_t &offset) {
    json_utf8_check check = json_check_utf8(bytes, length);
    offset = uint32_t(check.offset);
    if (!check.valid) { return check.cut ? JSON_TRUNCATED : JSON_INVALID_UTF8; }
    switch (error) {
    case simdjson::UNCLOSED_STRING: return JSON_TRUNCATED;
    case simdjson::EMPTY: return JSON_EMPTY;
    case simdjson::MEMALLOC: return JSON_OUT_OF_MEMORY;
    case simdjson::CAPACITY: return JSON_TOO_LARGE;
    default:
        offset = 0;
        return JSON_MALFORMED;
    }
}

/// Fills a tape whose bytes are in place; what it holds on failure is freed by the caller.
json_outcome fill(json_tape &tape, json_limits limits) {
    size_t length = tape.byte_count;
    if (!make_tokenizer(length)) { return {JSON_OUT_OF_MEMORY, 0}; }
    auto &tokenizer = *bench.tokenizer;
    auto error = tokenizer.stage1(tape.bytes, length, simdjson::stage1_mode::regular);
    if (error) {
        uint32_t offset = 0;
        json_code code = refusal(error, tape.bytes, length, offset);
        return {code, offset};
    }
    uint32_t count = tokenizer.n_structural_indexes;
    uint32_t *tokens = tokenizer.structural_indexes.get();
    tokens[count] = uint32_t(length);

    // Every node has a separator or a closing bracket behind it, except in containers that are still open.
    size_t room = std::min<size_t>(count, count / 2 + limits.max_depth / 2 + 2) + 1;
    if (count / 2 > limits.max_values) { return {JSON_TOO_MANY_VALUES, 0}; }
    tape.nodes = static_cast<json_node *>(malloc(room * sizeof(json_node)));
    if (!tape.nodes) { return {JSON_OUT_OF_MEMORY, 0}; }
    tape.memory_bytes = length + padding + room * sizeof(json_node);

    bench.frames.resize(size_t(limits.max_depth) + 1);
    json_walk walk{tape.bytes, uint32_t(length), tokens, count, limits, tape.nodes, tape.nodes + room,
                   bench.frames.data(), bench.keys};
    json_code code = walk.run();
    tape.node_count = walk.node_count;
    return {code, walk.offset};
}

}  // namespace

extern "C" json_outcome json_tape_parse(
    const uint8_t *input, size_t length, json_limits limits, json_tape *tape) {
    *tape = json_tape{};
    if (length > limits.max_bytes || length > UINT32_MAX - 2 * padding) { return {JSON_TOO_LARGE, 0}; }
    // A document with a mark at its start is still the document; a second mark is not.
    uint32_t mark = length >= 3 && memcmp(input, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    const uint8_t *begin = input + mark;
    length -= mark;

    size_t first = 0;
    while (first < length && (begin[first] == ' ' || (begin[first] >= '\t' && begin[first] <= '\r'))) { first++; }
    if (first == length) { return {JSON_EMPTY, uint32_t(mark)}; }
    if (looks_like_utf16(begin, length)) { return {JSON_UTF16, mark}; }
    if (begin[first] == '<') { return {JSON_HTML, uint32_t(mark + first)}; }

    tape->bytes = static_cast<uint8_t *>(malloc(length + padding));
    if (!tape->bytes) { return {JSON_OUT_OF_MEMORY, 0}; }
    memcpy(tape->bytes, begin, length);
    memset(tape->bytes + length, 0, padding);
    tape->byte_count = length;

    json_outcome outcome;
    try {
        outcome = fill(*tape, limits);
    } catch (const std::bad_alloc &) {
        outcome = {JSON_OUT_OF_MEMORY, 0};
    }
    bench.tidy();
    if (outcome.code != JSON_OK) {
        json_tape_free(*tape);
        *tape = json_tape{};
        outcome.offset += mark;
    }
    return outcome;
}

extern "C" void json_tape_free(json_tape tape) {
    free(tape.nodes);
    free(tape.bytes);
}
