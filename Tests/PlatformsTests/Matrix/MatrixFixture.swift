import Extractor
import JSON
import Records
import Testing
import Transformer

@testable import Platforms

extension MatrixMapping {
    /// 2025-07-01 00:00 UTC: after everything the fixtures date in the past.
    static let testNow = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)
    static let plain = MatrixMapping(now: testNow)
    /// What fixtures plant in values.
    static let plantedKey = "fake-key-0123456789"
    static let guarded = MatrixMapping(customFields: .all, secrets: [plantedKey], now: testNow)
}

/// Reads a fixture that stands in a test.
func reading<Value>(_ json: String, _ body: (JSONValue) throws -> Value) throws -> Value {
    try JSONDocument(parsing: Array(json.utf8)).withRoot(body)
}

/// The instant that a fixture names.
func matrixTime(_ text: String) throws -> Timestamp {
    guard case .instant(let time, _) = ISOTime.read(text) else {
        throw FixtureProblem(text: text)
    }
    return time
}

struct FixtureProblem: Error {
    let text: String
}

extension MatrixOptions {
    /// What holds where nothing is configured.
    static func standard() throws -> MatrixOptions { try MatrixOptions([:]) }
}
