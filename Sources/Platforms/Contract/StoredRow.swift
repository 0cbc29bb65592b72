package import Records

/// Some columns of a stored row, read by the properties of its record.
package struct StoredRow<R: Record>: Sendable {
    private let values: [String: String]

    /// - Parameter values: Column to value as text; times as microseconds since 1970; nulls left out.
    package init(_ values: [String: String]) {
        self.values = values
    }

    package subscript(property: KeyPath<R, String>) -> String { values[StoredColumns.name(property)] ?? "" }
    package subscript(property: KeyPath<R, String?>) -> String? { values[StoredColumns.name(property)] }
    package subscript(property: KeyPath<R, Timestamp>) -> Timestamp? { time(StoredColumns.name(property)) }
    package subscript(property: KeyPath<R, Timestamp?>) -> Timestamp? { time(StoredColumns.name(property)) }
    package subscript(property: KeyPath<R, Bool?>) -> Bool? { values[StoredColumns.name(property)].map { $0 == "true" } }

    /// Any other column as text.
    package func text(_ property: PartialKeyPath<R>) -> String? { values[StoredColumns.name(property)] }

    private func time(_ name: String) -> Timestamp? {
        values[name].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:))
    }
}

/// A condition on stored rows: a column has one of some values.
package struct StoredCondition<R: Record>: Sendable {
    let column: String
    let values: [String]

    package static func any(_ property: PartialKeyPath<R>, of values: some Sequence<String>) -> Self {
        Self(column: StoredColumns.name(property), values: Array(values))
    }
}

extension WarehouseFacts {
    /// Some columns of the stored live rows that meet every condition. What this run has read and not published is not there.
    package func rows<R: Record>(
        of record: R.Type,
        _ columns: [PartialKeyPath<R>],
        where conditions: [StoredCondition<R>] = []
    ) async throws -> [StoredRow<R>] {
        let matching = Dictionary(conditions.map { ($0.column, $0.values) }) { first, second in first.filter(second.contains) }
        return try await rows(of: R.table, columns: columns.map(StoredColumns.name), matching: matching).map(StoredRow.init)
    }

    /// The distinct values of a text column of the live rows that meet every condition.
    package func distinct<R: Record>(
        _ property: PartialKeyPath<R>,
        where conditions: [StoredCondition<R>] = []
    ) async throws -> Set<String> {
        let matching = Dictionary(conditions.map { ($0.column, $0.values) }) { first, second in first.filter(second.contains) }
        return try await distinct(StoredColumns.name(property), of: R.table, matching: matching)
    }
}

extension ChangedRow {
    /// A text column that was asked for.
    package subscript<R: Record>(property: KeyPath<R, String>) -> String? { values[StoredColumns.name(property)] }
    package subscript<R: Record>(property: KeyPath<R, String?>) -> String? { values[StoredColumns.name(property)] }

    /// A column that was asked for, as a time.
    package subscript<R: Record>(property: KeyPath<R, Timestamp?>) -> Timestamp? { time(StoredColumns.name(property)) }
    package subscript<R: Record>(property: KeyPath<R, Timestamp>) -> Timestamp? { time(StoredColumns.name(property)) }
}

extension AbsentRow {
    /// A column of the row's key; empty where it has none.
    package subscript<R: Record>(property: KeyPath<R, String>) -> String { key[StoredColumns.name(property)] ?? "" }
}

/// The columns that records keep in their properties.
package enum StoredColumns {
    /// The name of the column that a property of a record is stored in.
    ///
    /// - Precondition: The property is one of the record's columns.
    package static func name<R: Record>(_ property: PartialKeyPath<R>) -> String {
        guard let name = R.columnName(of: property) else {
            preconditionFailure("\(property) of \(R.self) is no column")
        }
        return name
    }
}
