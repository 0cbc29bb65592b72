/// Unescaping in place, and UTF-8 with the offset of its first fault.

#pragma once

#include <cstddef>
#include <cstdint>

struct json_unescaped {
    /// Bytes written; SIZE_MAX where an escape is none of JSON's.
    size_t length;
    /// A U+0000 or a lone surrogate became U+FFFD.
    bool replaced;
};

/// Unescapes `length` bytes where they stand: what comes out is never longer than what goes in.
json_unescaped json_unescape(uint8_t *text, size_t length);

struct json_utf8_check {
    bool valid;
    /// The bytes end inside a sequence that was good so far.
    bool cut;
    size_t offset;
};

/// Finds the first byte that is no UTF-8. Slow: only asked when simdjson has refused the page.
json_utf8_check json_check_utf8(const uint8_t *text, size_t length);
