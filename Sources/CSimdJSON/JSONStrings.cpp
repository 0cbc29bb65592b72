#include "JSONStrings.hpp"

#include "CSimdJSON.h"

#include <cstring>

namespace {

int hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') { return c - '0'; }
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The code unit of `uXXXX` at `p`, or -1.
int32_t code_unit(const uint8_t *p, const uint8_t *end) {
    if (end - p < 5 || *p != 'u') { return -1; }
    int32_t unit = 0;
    for (int i = 1; i <= 4; i++) {
        int value = hex_value(p[i]);
        if (value < 0) { return -1; }
        unit = unit << 4 | value;
    }
    return unit;
}

uint8_t *put(uint8_t *out, uint32_t scalar) {
    if (scalar < 0x80) {
        *out++ = uint8_t(scalar);
    } else if (scalar < 0x800) {
        *out++ = uint8_t(0xC0 | scalar >> 6);
        *out++ = uint8_t(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *out++ = uint8_t(0xE0 | scalar >> 12);
        *out++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
        *out++ = uint8_t(0x80 | (scalar & 0x3F));
    } else {
        *out++ = uint8_t(0xF0 | scalar >> 18);
        *out++ = uint8_t(0x80 | (scalar >> 12 & 0x3F));
        *out++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
        *out++ = uint8_t(0x80 | (scalar & 0x3F));
    }
    return out;
}

int simple_escape(uint8_t c) {
    switch (c) {
    case '"': case '\\': case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return -1;
    }
}

constexpr uint32_t replacement = 0xFFFD;

}  // namespace

json_unescaped json_unescape(uint8_t *text, size_t length) {
    const uint8_t *in = text;
    const uint8_t *end = text + length;
    uint8_t *out = text;
    bool replaced = false;
    while (in < end) {
        const uint8_t *slash = static_cast<const uint8_t *>(memchr(in, '\\', size_t(end - in)));
        size_t plain = size_t((slash ? slash : end) - in);
        if (out != in) { memmove(out, in, plain); }
        out += plain;
        in += plain;
        // Runs of escapes (\u05d0\u05d1…) stay in here, without a search each.
        while (in < end && *in == '\\') {
            in++;
            if (in == end) { return {SIZE_MAX, false}; }
            if (*in != 'u') {
                int c = simple_escape(*in++);
                if (c < 0) { return {SIZE_MAX, false}; }
                *out++ = uint8_t(c);
                continue;
            }
            int32_t unit = code_unit(in, end);
            if (unit < 0) { return {SIZE_MAX, false}; }
            in += 5;
            uint32_t scalar = uint32_t(unit);
            if (scalar >= 0xD800 && scalar < 0xE000) {
                // A high surrogate needs its low one right behind; anything else is looked at again by itself.
                int32_t low = scalar < 0xDC00 && end - in >= 6 && *in == '\\' ? code_unit(in + 1, end) : -1;
                if (low >= 0xDC00 && low < 0xE000) {
                    scalar = 0x10000 + ((scalar - 0xD800) << 10) + uint32_t(low - 0xDC00);
                    in += 6;
                } else {
                    scalar = replacement;
                    replaced = true;
                }
            } else if (scalar == 0) {
                scalar = replacement;
                replaced = true;
            }
            out = put(out, scalar);
        }
    }
    return {size_t(out - text), replaced};
}

json_utf8_check json_check_utf8(const uint8_t *text, size_t length) {
    size_t i = 0;
    while (i < length) {
        uint8_t c = text[i];
        if (c < 0x80) { i++; continue; }
        size_t more = c >= 0xC2 && c <= 0xDF ? 1 : c >= 0xE0 && c <= 0xEF ? 2 : c >= 0xF0 && c <= 0xF4 ? 3 : 0;
        if (more == 0) { return {false, false, i}; }
        // The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
        uint8_t low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        uint8_t high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        for (size_t k = 1; k <= more; k++) {
            if (i + k == length) { return {false, true, i}; }
            uint8_t d = text[i + k];
            if (k == 1 ? d < low || d > high : d < 0x80 || d > 0xBF) { return {false, false, i}; }
        }
        i += more + 1;
    }
    return {true, false, length};
}

extern "C" size_t json_escape_position(const uint8_t *text, size_t length) {
    size_t i = 0;
    constexpr uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    for (; i + 8 <= length; i += 8) {
        uint64_t w;
        memcpy(&w, text + i, 8);
        uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
        uint64_t control = (w - ones * 0x20) & ~w;
        if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) | control) & highs) { break; }
    }
    // The word above may hold a false alarm, never a miss: look byte by byte, and go on from there.
    for (; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\' || text[i] < 0x20) { return i; }
    }
    return length;
}
