import Postgres
import Records

/// Entries of a commit unit's state as arrays, one for each column: any number of rows in one statement.
struct Columns<Entry> {
    private let entries: [(key: StreamPartition, value: Entry)]

    init(_ entries: [StreamPartition: Entry]) { self.entries = Array(entries) }

    var streams: PostgresValue { .textArray(entries.map(\.key.stream)) }
    var partitions: PostgresValue { .textArray(entries.map(\.key.partition)) }

    func texts(_ value: (Entry) -> String?) -> PostgresValue { .textArray(entries.map { value($0.value) }) }

    func numbers(_ value: (Entry) -> Int?) -> PostgresValue {
        .int8Array(entries.map { value($0.value).map(Int64.init) })
    }

    func instants(_ value: (Entry) -> Timestamp?) -> PostgresValue {
        .int8Array(entries.map { value($0.value)?.microseconds })
    }
}

extension Columns<Void> {
    /// SQL for the timestamptz of a number of microseconds since 1970, exact where `to_timestamp` rounds a double.
    static func instant(_ column: String) -> String {
        "(timestamptz 'epoch' + \(column) * interval '1 microsecond')"
    }
}
