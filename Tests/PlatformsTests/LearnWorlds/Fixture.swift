import Foundation
import JSON
import Records
import Testing
import Transformer

@testable import Platforms

/// A recorded answer, `Fixtures/<stream>/<name>.json`.
struct Fixture {
    let document: JSONDocument

    init(_ path: String, sourceFile: String = #filePath) throws {
        let folder = URL(fileURLWithPath: sourceFile).deletingLastPathComponent()
        let file = folder.appendingPathComponent("Fixtures/\(path).json")
        document = try JSONDocument(parsing: [UInt8](Data(contentsOf: file)))
    }

    init(json: String) throws {
        document = try JSONDocument(parsing: Array(json.utf8))
    }

    /// Reads the fixture's list into a new batch.
    func batch<Content: Record>(
        stream: String = "stream",
        _ read: (JSONValue, inout Batch<Content>) -> Void
    ) -> Batch<Content> {
        var batch = Batch<Content>(stream: stream)
        document.withRoot { read($0, &batch) }
        return batch
    }
}

extension LearnWorldsMapping {
    /// 2025-07-01 00:00 UTC: after everything the fixtures date in the past.
    static let testNow = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)
    static let plain = LearnWorldsMapping(now: testNow)
    /// What the `secrets` fixtures have planted in every value.
    static let plantedSecret = "s3cr3t-K3y-0123456789"
    static let guarded = LearnWorldsMapping(secrets: [plantedSecret], now: testNow)

    /// A mapping that pseudonymises `columns`.
    static func hiding(_ columns: String..., policy: CustomFieldsPolicy = .all, external: String? = nil) throws -> Self
    {
        let pseudonymizer = try #require(
            Pseudonymizer(sourceID: "acme", key: Array(repeating: 7, count: 32), columns: columns)
        )
        return LearnWorldsMapping(
            customFields: policy,
            externalIDField: external,
            pseudonymizer: pseudonymizer,
            now: testNow
        )
    }
}

extension Timestamp {
    static func unix(_ seconds: Int64, _ microseconds: Int64 = 0) -> Timestamp {
        Timestamp(microsecondsSinceEpoch: seconds * 1_000_000 + microseconds)
    }
}

extension Numeric {
    static func of(_ token: String) throws -> Numeric {
        try #require(Numeric(token: token))
    }
}
