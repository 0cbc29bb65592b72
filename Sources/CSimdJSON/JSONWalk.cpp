/// The grammar of RFC 8259 over simdjson's token positions, written as one loop without recursion.
///
/// simdjson has already made sure that strings are UTF-8 and closed and hold no bare control character. What lies
/// between one position and the next is one token and white space, or it is checked here and found to be invalid.

#include "JSONWalk.hpp"

#include "JSONNumbers.hpp"
#include "JSONStrings.hpp"

#include <algorithm>
#include <cstring>

namespace {

/// Tokens at least this long, or with an exponent, may lie beyond what PostgreSQL's numeric holds.
constexpr uint32_t long_number = 16000;

json_node make(uint8_t kind, uint8_t fault, uint32_t first, uint32_t second) {
    return json_node{kind, fault, fault, 0, first, second};
}

}  // namespace

bool json_walk::is_blank(uint32_t position, uint32_t next) const {
    for (; position < next; position++) {
        uint8_t c = bytes[position];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') { return false; }
    }
    return true;
}

json_node json_walk::string(uint32_t position, uint32_t next) {
    uint32_t begin = position + 1;
    uint32_t end = next - 1;
    while (end > position && bytes[end] != '"' && is_blank(end, end + 1)) { end--; }
    if (end == position || bytes[end] != '"') { return make(JSON_KIND_INVALID, JSON_FAULT_INVALID_VALUE, position, 0); }

    if (!knows_next_escape || next_escape < begin) {
        const void *found = memchr(bytes + begin, '\\', length - begin);
        next_escape = found ? uint32_t(static_cast<const uint8_t *>(found) - bytes) : length;
        knows_next_escape = true;
    }
    uint8_t fault = 0;
    uint32_t size = end - begin;
    if (next_escape < end) {
        uint32_t clean = next_escape - begin;
        json_unescaped result = json_unescape(bytes + next_escape, end - next_escape);
        if (result.length == SIZE_MAX) { return make(JSON_KIND_INVALID, JSON_FAULT_INVALID_VALUE, begin, clean); }
        size = clean + uint32_t(result.length);
        if (result.replaced) { fault |= JSON_FAULT_REPLACEMENT; }
    }
    if (size > limits.max_string_bytes) { fault |= JSON_FAULT_OVERSIZE_STRING; }
    return make(JSON_KIND_STRING, fault, begin, size);
}

json_node json_walk::number(uint32_t position, uint32_t next) const {
    const uint8_t *begin = bytes + position;
    const uint8_t *end = json_number_end(begin, bytes + next);
    if (!end || !is_blank(uint32_t(end - bytes), next)) {
        return make(JSON_KIND_INVALID, JSON_FAULT_INVALID_VALUE, position, 0);
    }
    uint32_t size = uint32_t(end - begin);
    uint8_t fault = 0;
    bool is_suspect = size >= long_number
        || std::any_of(begin, end, [](uint8_t c) { return (c | 0x20) == 'e'; });
    if (is_suspect && !json_number_is_storable(begin, size)) { fault = JSON_FAULT_NUMBER_RANGE; }
    return make(JSON_KIND_NUMBER, fault, position, size);
}

json_node json_walk::literal(
    uint32_t position, uint32_t next, const char *text, uint32_t size, uint8_t kind) const {
    if (next - position >= size && memcmp(bytes + position, text, size) == 0 && is_blank(position + size, next)) {
        return make(kind, 0, position, size);
    }
    return make(JSON_KIND_INVALID, JSON_FAULT_INVALID_VALUE, position, 0);
}

json_code json_walk::run() {
    // Lies below every frame, so that adding to a parent needs no question.
    json_node outside = make(JSON_KIND_ARRAY, 0, 0, 0);
    json_frame *frame = frames;
    *frame = {&outside, 0, 0};
    json_frame *deepest = frames + limits.max_depth;
    json_node *out = nodes;
    uint32_t i = 0;
    uint32_t position;
    uint8_t c;

value:
    if (out == nodes_end) { position = tokens[i]; goto malformed; }
    position = tokens[i++];
    c = bytes[position];
    switch (c) {
    case '{':
        if (frame == deepest) { goto too_deep; }
        *++frame = {out, 0, 0};
        *out++ = make(JSON_KIND_OBJECT, 0, 0, 0);
        if (bytes[tokens[i]] == '}') { i++; goto close; }
        goto key;
    case '[':
        if (frame == deepest) { goto too_deep; }
        *++frame = {out, 0, 0};
        *out++ = make(JSON_KIND_ARRAY, 0, 0, 0);
        if (bytes[tokens[i]] == ']') { i++; goto close; }
        goto value;
    case '"':
        *out = string(position, tokens[i]);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        *out = number(position, tokens[i]);
        break;
    case 't':
        *out = literal(position, tokens[i], "true", 4, JSON_KIND_TRUE);
        break;
    case 'f':
        *out = literal(position, tokens[i], "false", 5, JSON_KIND_FALSE);
        break;
    case 'n':
        *out = literal(position, tokens[i], "null", 4, JSON_KIND_NULL);
        break;
    case '}': case ']': case ',': case ':':
        goto malformed;
    default:
        if (i > token_count) { goto truncated; }
        *out = make(JSON_KIND_INVALID, JSON_FAULT_INVALID_VALUE, position, 0);
    }
    frame->node->faults |= out->faults;
    out++;

after_value:
    frame->count++;
    if (frame == frames) { goto end; }
    position = tokens[i];
    c = bytes[position];
    if (c == ',') {
        i++;
        if (frame->node->kind == JSON_KIND_ARRAY) { goto value; }
        goto key;
    }
    if (c == (frame->node->kind == JSON_KIND_ARRAY ? ']' : '}')) { i++; goto close; }
    if (i >= token_count) { goto truncated; }
    goto malformed;

key:
    if (out == nodes_end) { position = tokens[i]; goto malformed; }
    position = tokens[i++];
    if (bytes[position] != '"') {
        if (i > token_count) { goto truncated; }
        goto malformed;
    }
    *out = string(position, tokens[i]);
    if (out->faults) {
        if (out->faults & JSON_FAULT_REPLACEMENT) { out->faults |= JSON_FAULT_REPLACEMENT_IN_KEY; }
        frame->node->own_faults |= out->faults;
        out->own_faults = out->faults;
        out->kind = JSON_KIND_STRING;
    }
    out++;
    position = tokens[i];
    if (bytes[position] != ':') {
        if (i >= token_count) { goto truncated; }
        goto malformed;
    }
    i++;
    goto value;

close: {
    json_node *node = frame->node;
    node->first = uint32_t(out - node);
    node->second = frame->count;
    node->height = frame->height == UINT8_MAX ? UINT8_MAX : uint8_t(frame->height + 1);
    if (node->kind == JSON_KIND_OBJECT && json_has_duplicate_keys(node, bytes, keys)) {
        node->own_faults |= JSON_FAULT_DUPLICATE_KEY;
    }
    node->faults |= node->own_faults;
    frame--;
    frame->node->faults |= node->faults;
    frame->height = std::max(frame->height, node->height);
    goto after_value;
}

too_deep: {
    // Leave out what lies inside. Counting brackets is enough: the record is refused anyway.
    uint32_t level = 1;
    uint32_t height = 1;
    while (level > 0) {
        if (i >= token_count) { goto truncated; }
        uint8_t bracket = bytes[tokens[i++]];
        if (bracket == '{' || bracket == '[') { height = std::max(height, ++level); }
        if (bracket == '}' || bracket == ']') { level--; }
    }
    *out = make(c == '{' ? JSON_KIND_OBJECT : JSON_KIND_ARRAY, JSON_FAULT_TOO_DEEP, 1, 0);
    out->height = uint8_t(std::min<uint32_t>(height, UINT8_MAX));
    frame->node->faults |= out->faults;
    frame->height = std::max(frame->height, out->height);
    out++;
    goto after_value;
}

end:
    node_count = size_t(out - nodes);
    position = 0;
    if (nodes->kind == JSON_KIND_INVALID) { goto malformed; }
    if (i < token_count) {
        offset = tokens[i];
        return JSON_TRAILING_BYTES;
    }
    return JSON_OK;

truncated:
    offset = length;
    return JSON_TRUNCATED;

malformed:
    offset = position;
    return JSON_MALFORMED;
}
