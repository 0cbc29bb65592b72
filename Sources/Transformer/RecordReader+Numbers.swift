import JSON
package import Records

extension RecordReader {
    /// A decimal number, exactly as it came; a number in a string is read and noted, `""` is null.
    package mutating func numeric(_ name: StaticString) -> Numeric? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .number:
            if let token = field.value.numberToken, let number = Numeric(token: token) { return number }
        case .string:
            guard let text = field.value.string, !text.isEmpty else { return nil }
            if let number = Numeric(token: text) {
                normalize(field)
                return number
            }
        case .null: return nil
        case .bool, .array, .object, .invalid: break
        }
        void(field)
        return nil
    }

    /// A whole number of 64 bits; `1.0` and `1e2` count as whole, a number in a string is read and noted.
    package mutating func integer(_ name: StaticString) -> Int64? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .number:
            if let number = field.value.int64 { return number }
        case .string:
            guard let text = field.value.string, !text.isEmpty else { return nil }
            // By way of Numeric, whose grammar is JSON's: Int64 also reads "+7".
            if let number = Numeric(token: text).flatMap({ Int64($0.token) }) {
                normalize(field)
                return number
            }
        case .null: return nil
        case .bool, .array, .object, .invalid: break
        }
        void(field)
        return nil
    }

    /// A whole number of 32 bits.
    package mutating func smallInteger(_ name: StaticString) -> Int32? {
        guard let number = integer(name) else { return nil }
        if let small = Int32(exactly: number) { return small }
        if let field = find(name) { void(field) }
        return nil
    }

    /// A truth value; 0, 1, `"true"`, `"false"`, `"0"` and `"1"` are read and noted.
    package mutating func boolean(_ name: StaticString) -> Bool? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .bool: return field.value.bool
        case .null: return nil
        case .number:
            if let number = field.value.int64, number == 0 || number == 1 {
                normalize(field)
                return number == 1
            }
        case .string:
            switch field.value.string {
            case "true", "1":
                normalize(field)
                return true
            case "false", "0":
                normalize(field)
                return false
            case "": return nil
            default: break
            }
        case .array, .object, .invalid: break
        }
        void(field)
        return nil
    }
}
