import Records

/// The name under which a waiting session shows on the server, so that `status` can tell of it while nothing can be written.
///
/// It begins with the session's usual name: `registrar/sync waits 53100 1764525845 1764526145`, with the times of
/// beginning and latest end in Unix seconds.
struct SessionTitle: Hashable {
    let name: String
    let sqlState: String
    let since: Timestamp
    let until: Timestamp

    /// PostgreSQL cuts names of sessions at 63 bytes.
    var text: String {
        let end = " waits \(sqlState) \(Self.seconds(since)) \(Self.seconds(until))"
        return String(decoding: name.utf8.prefix(63 - end.utf8.count), as: UTF8.self) + end
    }

    init(name: String, sqlState: String, since: Timestamp, until: Timestamp) {
        (self.name, self.sqlState, self.since, self.until) = (name, sqlState, since, until)
    }

    /// Reads a session's name; `nil` for one that does not wait.
    init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count >= 5, words[words.count - 4] == "waits", words[words.count - 3].utf8.count == 5,
            let since = Int64(words[words.count - 2]), let until = Int64(words[words.count - 1])
        else { return nil }
        name = words.dropLast(4).joined(separator: " ")
        sqlState = String(words[words.count - 3])
        self.since = Timestamp(microsecondsSinceEpoch: since &* 1_000_000)
        self.until = Timestamp(microsecondsSinceEpoch: until &* 1_000_000)
    }

    private static func seconds(_ instant: Timestamp) -> Int64 { instant.microseconds / 1_000_000 }
}
