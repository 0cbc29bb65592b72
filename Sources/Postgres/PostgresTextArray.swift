/// Reads one-dimensional arrays as PostgreSQL writes them: `{a,"b c",NULL}`.
enum PostgresTextArray {
    /// Returns the elements, or `nil` where the text is no such array.
    static func elements(parsing bytes: UnsafeRawBufferPointer) -> [String?]? {
        guard bytes.count >= 2, bytes.first == openBrace, bytes.last == closeBrace else { return nil }
        let body = bytes[1..<(bytes.count - 1)]
        guard !body.isEmpty else { return [] }
        var elements: [String?] = []
        var position = body.startIndex
        while true {
            guard let element = element(in: body, at: &position) else { return nil }
            elements.append(element)
            guard position < body.endIndex else { return elements }
            guard body[position] == comma else { return nil }
            position += 1
        }
    }

    private static let openBrace = UInt8(ascii: "{")
    private static let closeBrace = UInt8(ascii: "}")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let comma = UInt8(ascii: ",")

    /// The outer optional is a fault, the inner one NULL.
    private static func element(in body: Slice<UnsafeRawBufferPointer>, at position: inout Int) -> String?? {
        var text: [UInt8] = []
        guard position < body.endIndex, body[position] == quote else {
            while position < body.endIndex, body[position] != comma {
                guard body[position] != openBrace, body[position] != quote else { return nil }
                text.append(body[position])
                position += 1
            }
            let string = String(decoding: text, as: UTF8.self)
            return .some(string == "NULL" ? nil : string)
        }
        position += 1
        while position < body.endIndex, body[position] != quote {
            if body[position] == backslash { position += 1 }
            guard position < body.endIndex else { return nil }
            text.append(body[position])
            position += 1
        }
        guard position < body.endIndex else { return nil }
        position += 1
        return .some(String(decoding: text, as: UTF8.self))
    }
}
