/// The walk over the tokens of a page.

#pragma once

#include "CSimdJSON.h"
#include "JSONKeys.hpp"

#include <vector>

/// A container whose end has not been reached.
struct json_frame {
    json_node *node;
    uint32_t count;
    uint8_t height;
};

/// Everything a walk reads and writes.
struct json_walk {
    /// The page, followed by at least one zero byte; strings are unescaped in it.
    uint8_t *bytes;
    uint32_t length;
    /// Where each token begins, in order, followed by `length`.
    const uint32_t *tokens;
    uint32_t token_count;
    json_limits limits;
    json_node *nodes;
    json_node *nodes_end;
    /// At least `max_depth + 1` of them.
    json_frame *frames;
    std::vector<json_key_entry> &keys;

    /// How many nodes were written.
    size_t node_count = 0;
    /// Where the walk stopped, if it failed.
    uint32_t offset = 0;

    /// The first backslash that has not been passed, so that most strings are never searched.
    uint32_t next_escape = 0;
    bool knows_next_escape = false;

    json_code run();

private:
    json_node string(uint32_t position, uint32_t next);
    json_node number(uint32_t position, uint32_t next) const;
    json_node literal(uint32_t position, uint32_t next, const char *text, uint32_t size, uint8_t kind) const;
    bool is_blank(uint32_t position, uint32_t next) const;
};
