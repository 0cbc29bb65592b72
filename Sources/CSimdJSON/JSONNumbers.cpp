/// Numbers keep their token; these functions read it without ever losing a digit silently.

#include "CSimdJSON.h"
#include "JSONNumbers.hpp"

#include <charconv>
#include <climits>

namespace {

/// A valid number, taken apart.
struct parts {
    bool negative = false;
    const uint8_t *integer = nullptr;
    size_t integer_digits = 0;
    const uint8_t *fraction = nullptr;
    size_t fraction_digits = 0;
    /// Stays within ±10^9, which is beyond anything that can be stored.
    int64_t exponent = 0;
};

parts take_apart(const uint8_t *token, size_t length) {
    parts result;
    const uint8_t *p = token;
    const uint8_t *end = token + length;
    if (p < end && *p == '-') { result.negative = true; p++; }
    result.integer = p;
    while (p < end && json_is_digit(*p)) { p++; }
    result.integer_digits = size_t(p - result.integer);
    result.fraction = p;
    if (p < end && *p == '.') {
        result.fraction = ++p;
        while (p < end && json_is_digit(*p)) { p++; }
        result.fraction_digits = size_t(p - result.fraction);
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        bool negative = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+')) { p++; }
        for (; p < end && json_is_digit(*p); p++) {
            if (result.exponent < 1000000000) { result.exponent = result.exponent * 10 + (*p - '0'); }
        }
        if (result.exponent > 1000000000) { result.exponent = 1000000000; }
        if (negative) { result.exponent = -result.exponent; }
    }
    return result;
}

}  // namespace

extern "C" int json_number_is_storable(const uint8_t *token, size_t length) {
    // The limits of PostgreSQL's numeric: 131,072 digits before the point and 16,383 after it.
    parts number = take_apart(token, length);
    return int64_t(number.integer_digits) + number.exponent <= 131072
        && int64_t(number.fraction_digits) - number.exponent <= 16383;
}

extern "C" int json_number_int64(const uint8_t *token, size_t length, int64_t *result) {
    parts number = take_apart(token, length);
    // The digits as one row, in which the point stands behind `point` of them.
    int64_t count = int64_t(number.integer_digits + number.fraction_digits);
    int64_t point = int64_t(number.integer_digits) + number.exponent;
    auto digit = [&](int64_t i) -> unsigned {
        return i < int64_t(number.integer_digits) ? number.integer[i] - '0'
                                                  : number.fraction[i - int64_t(number.integer_digits)] - '0';
    };
    int64_t first = 0;
    while (first < count && digit(first) == 0) { first++; }
    if (first == count) { *result = 0; return 1; }
    if (point - first > 19 || point <= first) { return 0; }
    for (int64_t i = point; i < count; i++) {
        if (digit(i) != 0) { return 0; }
    }
    uint64_t magnitude = 0;
    for (int64_t i = first; i < point; i++) {
        // 19 digits always fit into 64 bits.
        magnitude = magnitude * 10 + (i < count ? digit(i) : 0);
    }
    uint64_t limit = uint64_t(INT64_MAX) + (number.negative ? 1 : 0);
    if (magnitude > limit) { return 0; }
    *result = number.negative ? int64_t(0 - magnitude) : int64_t(magnitude);
    return 1;
}

extern "C" int json_number_double(const uint8_t *token, size_t length, double *result) {
    // Not strtod, which reads by the process's locale and stops at a zero byte only.
    const char *begin = reinterpret_cast<const char *>(token);
    auto answer = std::from_chars(begin, begin + length, *result);
    return answer.ec == std::errc() && answer.ptr == begin + length;
}
