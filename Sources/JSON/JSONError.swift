/// Why a page could not be read at all.
///
/// Safe to print: nothing of the page is in it. A fault that harms one record is no error: it is found in ``JSONValue/faults``.
package struct JSONError: Error {
    /// What is wrong with the page.
    package struct Code: Hashable, Sendable {
        enum Value: String {
            case empty
            case html
            case utf16
            case invalidUTF8
            case truncated
            case malformed
            case trailingBytes
            case tooLarge
            case tooManyValues
            case outOfMemory
        }

        let value: Value

        /// Nothing, or nothing but white space.
        package static let empty = Code(value: .empty)
        /// A page for a browser: a login form, a proxy's error.
        package static let html = Code(value: .html)
        /// UTF-16 or UTF-32, with or without a byte order mark.
        package static let utf16 = Code(value: .utf16)
        /// Bytes that are no UTF-8.
        package static let invalidUTF8 = Code(value: .invalidUTF8)
        /// The document has not ended when its bytes have.
        package static let truncated = Code(value: .truncated)
        /// Not the grammar of JSON.
        package static let malformed = Code(value: .malformed)
        /// Something follows the document.
        package static let trailingBytes = Code(value: .trailingBytes)
        /// More bytes than ``JSONLimits/maxBytes``.
        package static let tooLarge = Code(value: .tooLarge)
        /// More values than ``JSONLimits/maxValues``.
        package static let tooManyValues = Code(value: .tooManyValues)
        /// No memory was to be had.
        package static let outOfMemory = Code(value: .outOfMemory)
    }

    /// What is wrong with the page.
    package let code: Code
    /// Where it was noticed, counted from the first byte of the page.
    package let byteOffset: Int
    /// What happened, in our own words.
    package let message: String
    let location: String

    init(_ code: Code, at byteOffset: Int, file: String = #fileID, line: Int = #line) {
        self.code = code
        self.byteOffset = byteOffset
        self.location = "\(file):\(line)"
        self.message =
            switch code.value {
            case .empty: "the answer has no content"
            case .html: "the answer is a web page, not JSON"
            case .utf16: "the answer is UTF-16 or UTF-32, not UTF-8"
            case .invalidUTF8: "the answer is not UTF-8"
            case .truncated: "the answer ends in the middle of its JSON"
            case .malformed: "the answer is not JSON"
            case .trailingBytes: "the answer goes on after its JSON has ended"
            case .tooLarge: "the answer has too many bytes"
            case .tooManyValues: "the answer has too many values"
            case .outOfMemory: "no memory to read the answer"
            }
    }
}

extension JSONError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The message and the place, for a person.
    package var description: String { "\(message) (byte \(byteOffset))" }
    /// The same with code and call site.
    package var debugDescription: String { "JSONError(\(code.value), \(self), at: \(location))" }
}
