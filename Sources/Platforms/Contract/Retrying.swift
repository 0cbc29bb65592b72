/// A record that was rejected, as the platform can be asked for it.
package struct RejectedKey: Sendable, Hashable {
    package let stream: String
    /// Its id on the platform; parts of a composite key are joined by `/`, what was walked to find it first.
    package let naturalKey: String

    package init(stream: String, naturalKey: String) {
        (self.stream, self.naturalKey) = (stream, naturalKey)
    }

    /// The parts of the key; empty where a part could not be read.
    package var parts: [String] { naturalKey.split(separator: "/", omittingEmptySubsequences: false).map(String.init) }
    /// What was walked to find the record, or its own id.
    package var first: String { parts.first ?? "" }
}

/// Lists to be read again because of rejects.
package struct RetryRead: Sendable {
    package var group: ReadGroup
    /// The rejects that these lists decide.
    package var rejects: [RejectedKey]
    /// Read where these lists brought none of the rejected records, neither whole nor broken: an object that cannot be asked for
    /// by itself may stand in its list all the same.
    package var otherwise: ReadGroup?

    package init(_ group: ReadGroup, for rejects: [RejectedKey], otherwise: ReadGroup? = nil) {
        (self.group, self.rejects, self.otherwise) = (group, rejects, otherwise)
    }
}

extension Sequence where Element == RejectedKey {
    /// One reading for all rejects of the streams that share what was walked to find them.
    package func reads(
        of streams: String...,
        otherwise: ReadGroup? = nil,
        make: (String) throws -> ReadGroup?
    ) rethrows -> [RetryRead] {
        let named = filter { streams.contains($0.stream) && !$0.first.isEmpty }
        return try Dictionary(grouping: named, by: \.first).sorted { $0.key < $1.key }.compactMap { part, rejects in
            try make(part).map { RetryRead($0, for: rejects, otherwise: otherwise) }
        }
    }
}
