import JSON

extension RecordReader {
    /// A part of the record's key.
    ///
    /// A text that is there, whole, and short enough for an index, or a number as ``JSON/JSONValue/identifierText``
    /// spells it. Anything else makes the record a reject.
    package mutating func key(_ name: StaticString) -> String {
        guard let field = find(name) else {
            fail(.missingKey, name)
            return ""
        }
        return key(from: field.value, name, nil)
    }

    /// A part of the record's key that stands in an object: `user.id`.
    package mutating func key(_ name: StaticString, _ inner: StaticString) -> String {
        guard let field = find(name), let value = field.value[inner] else {
            fail(.missingKey, name, inner)
            return ""
        }
        return key(from: value, name, inner)
    }

    /// A part of the record's key that the walk knows where the record does not say it.
    package mutating func key(_ name: StaticString, _ inner: StaticString, else fallback: String?) -> String {
        if let fallback {
            guard let field = find(name), let value = field.value[inner], !value.isNull else { return fallback }
            return key(from: value, name, inner)
        }
        return key(name, inner)
    }

    /// A part of the record's key that is a whole number on the platform; anything else makes the record a reject.
    package mutating func integerKey(_ name: StaticString) -> String {
        guard let field = find(name), !field.value.isNull else {
            fail(.missingKey, name)
            return ""
        }
        guard let number = field.value.int64 else {
            fail(.keyOfWrongType, name)
            return ""
        }
        return String(number)
    }

    private mutating func key(from value: JSONValue, _ name: StaticString, _ inner: StaticString?) -> String {
        switch value.kind {
        case .string:
            if value.hadReplacement {
                fail(.damagedKey, name, inner)
                return ""
            }
            guard let text = value.string, !text.isEmpty else { break }
            if text.utf8.count > Self.longestKey {
                fail(.keyTooLong, name, inner)
            } else if context.screen.condemns(text) {
                fail(.secretInKey, name, inner)
            }
            return text
        case .number:
            guard let text = value.identifierText, text.utf8.count <= Self.longestKey else {
                fail(.keyTooLong, name, inner)
                return ""
            }
            return text
        case .null: break
        case .bool, .array, .object, .invalid:
            fail(.keyOfWrongType, name, inner)
            return ""
        }
        fail(.missingKey, name, inner)
        return ""
    }

    /// A text; null and absence are `nil`, anything else is void.
    ///
    /// `emptyIsNull` where the platform means null by `""`; with `acceptsNumber` a number stands for its text, noted.
    package mutating func text(
        _ name: StaticString,
        emptyIsNull: Bool = false,
        acceptsNumber: Bool = false
    ) -> String? {
        guard let field = find(name) else { return nil }
        return text(of: field.value, in: field, emptyIsNull: emptyIsNull, acceptsNumber: acceptsNumber)
    }

    /// A text that stands in an object; where the member is no object but itself a text, that one.
    package mutating func text(_ name: StaticString, _ inner: StaticString, acceptsNumber: Bool = false) -> String? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .object:
            guard let value = field.value[inner] else { return nil }
            return text(of: value, in: field, emptyIsNull: false, acceptsNumber: acceptsNumber)
        case .array where field.value.count == 0: return nil
        default:
            return text(of: field.value, in: field, emptyIsNull: false, acceptsNumber: acceptsNumber)
        }
    }

    /// An id that is no part of the key: a text, or a number as ``JSON/JSONValue/identifierText`` spells it, noted.
    ///
    /// `""` names nothing and is `nil`.
    package mutating func identifier(_ name: StaticString) -> String? {
        guard let field = find(name) else { return nil }
        return identifier(of: field.value, in: field)
    }

    /// An id that stands in an object; where the member is no object but itself an id, that one.
    package mutating func identifier(_ name: StaticString, _ inner: StaticString) -> String? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .object: return field.value[inner].flatMap { identifier(of: $0, in: field) }
        case .array where field.value.count == 0: return nil
        default: return identifier(of: field.value, in: field)
        }
    }

    private mutating func identifier(of value: JSONValue, in field: Field) -> String? {
        guard value.kind == .number else {
            return text(of: value, in: field, emptyIsNull: true, acceptsNumber: false)
        }
        normalize(field)
        return value.identifierText
    }

    /// A title or name: a text whose HTML entities are decoded, up to two times.
    package mutating func htmlText(_ name: StaticString, emptyIsNull: Bool = false) -> String? {
        guard let text = text(name, emptyIsNull: emptyIsNull) else { return nil }
        let decoded = HTMLEntities.decoded(text)
        // What was hidden by entities is seen only now.
        if decoded.utf8.count != text.utf8.count, context.screen.condemns(decoded) { return nil }
        return decoded
    }

    /// A list of texts; numbers in it stand for their text, other things void the whole list.
    package mutating func texts(_ name: StaticString) -> [String]? {
        guard let field = find(name) else { return nil }
        guard field.value.kind == .array else {
            if !field.value.isNull { void(field) }
            return nil
        }
        var texts: [String] = []
        texts.reserveCapacity(field.value.count)
        for element in field.value.elements {
            switch element.kind {
            case .string:
                guard let bytes = element.stringBytes, !context.screen.condemns(bytes) else {
                    void(field)
                    continue
                }
                if element.hadReplacement { normalize(field) }
                texts.append(element.string ?? "")
            case .number:
                normalize(field)
                texts.append(element.numberToken ?? "")
            case .null, .bool, .array, .object, .invalid:
                void(field)
                return nil
            }
        }
        return texts
    }

    private mutating func text(
        of value: JSONValue,
        in field: Field,
        emptyIsNull: Bool,
        acceptsNumber: Bool
    ) -> String? {
        switch value.kind {
        case .string:
            guard let bytes = value.stringBytes, !context.screen.condemns(bytes) else {
                void(field)
                return nil
            }
            if bytes.isEmpty && emptyIsNull { return nil }
            if value.hadReplacement { normalize(field) }
            return value.string
        case .null:
            return nil
        case .number where acceptsNumber:
            normalize(field)
            return value.numberToken
        case .number, .bool, .array, .object, .invalid:
            void(field)
            return nil
        }
    }
}
