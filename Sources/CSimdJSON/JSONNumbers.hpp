/// The grammar of numbers.

#pragma once

#include <cstdint>

inline bool json_is_digit(uint8_t c) { return uint8_t(c - '0') < 10; }

/// The end of the JSON number that begins at `p`, or nullptr where none does.
inline const uint8_t *json_number_end(const uint8_t *p, const uint8_t *end) {
    if (p < end && *p == '-') { p++; }
    if (p == end || !json_is_digit(*p)) { return nullptr; }
    if (*p == '0') {
        p++;
    } else {
        while (p < end && json_is_digit(*p)) { p++; }
    }
    if (p < end && *p == '.') {
        p++;
        if (p == end || !json_is_digit(*p)) { return nullptr; }
        while (p < end && json_is_digit(*p)) { p++; }
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '-' || *p == '+')) { p++; }
        if (p == end || !json_is_digit(*p)) { return nullptr; }
        while (p < end && json_is_digit(*p)) { p++; }
    }
    return p;
}
