/// A table of the schema `lms`, as its record describes it.
///
/// In the warehouse a table is `source_id`, then `columns`, then `bookkeeping`; its primary key is `source_id`, then
/// `key`. In a COPY row and in a staging table it is `stagingColumns`.
package struct Table: Hashable, Sendable {
    /// The schema of every table.
    package static let schema = "lms"

    /// The table's name.
    package let name: String
    /// What a row is, and what the education standards call it.
    package let comment: String
    /// The record's own columns in order, those of the key first.
    package let columns: [Column]
    /// The names of the key's columns, without `source_id`.
    package let key: [String]
    /// Whether a staged row carries the source's version (`_version_1`, `_version_2`, `_tiebreak`).
    package let isVersioned: Bool
    /// Whether a staged row may stand in for a record not seen yet (`_version_1` = `RecordVersion.insertOnly`): it is
    /// inserted where there is no row and changes none.
    package let hasInsertOnlyRows: Bool
    /// Columns that tell the age of a row.
    ///
    /// A staged row that is smaller in them than the stored one, compared as an SQL row value, is dropped as a
    /// duplicate. Where a null makes that comparison null, the staged row counts.
    package let supersededBy: [String]
    /// The column whose month says in which partition a row lives, where the table has partitions.
    package let monthlyPartitionColumn: String?
    /// How to write a record's row.
    let rowLayout: RowLayout

    /// Describes the table of a kind of record.
    init<R: Record>(
        _ name: String,
        of record: R.Type,
        _ comment: String,
        hasInsertOnlyRows: Bool = false,
        supersededBy: [String] = [],
        monthlyPartitionColumn: String? = nil
    ) {
        let recordColumns = R.columns
        self.name = name
        self.comment = comment
        columns = recordColumns.map(\.column)
        key = columns.filter(\.isRequired).map(\.name)
        isVersioned = R.isVersioned
        self.hasInsertOnlyRows = hasInsertOnlyRows
        self.supersededBy = supersededBy
        self.monthlyPartitionColumn = monthlyPartitionColumn
        rowLayout = RowLayout(
            fields: recordColumns.map { RowLayout.Field(encoding: $0.encoding, offset: $0.offset) },
            isVersioned: R.isVersioned
        )
    }

    /// The name with its schema: `lms.courses`.
    package var qualifiedName: String { Self.schema + "." + name }

    /// The columns that are not part of the key: those an update sets.
    package var nonKeyColumns: [Column] { columns.filter { !$0.isRequired } }

    /// What a row of a `CopyBuffer` holds, and so the columns of the staging table.
    package var stagingColumns: [Column] {
        columns + (isVersioned ? Self.versionColumns : []) + [Self.ordinalColumn]
    }

    /// All columns of the table in the warehouse.
    package var warehouseColumns: [Column] { [Self.sourceColumn] + columns + Self.bookkeeping }

    /// The column that begins every primary key.
    package static let sourceColumn = Column(
        "source_id",
        .text,
        "The source this row came from: its id in registrar.yaml. OneRoster: the source system of a sourcedId.",
        isRequired: true
    )

    /// The columns that end every table.
    package static let bookkeeping = [
        Column(
            "first_seen_at",
            .timestamptz,
            "When Registrar first stored this row; by Registrar's clock, not the platform's.",
            isRequired: true
        ),
        Column(
            "updated_at",
            .timestamptz,
            "When the content of this row last changed here. OneRoster: dateLastModified, of this copy.",
            isRequired: true
        ),
        Column("run_id", .bigint, "The run that last changed this row: sync.runs.run_id.", isRequired: true),
        Column(
            "deleted_at",
            .timestamptz,
            "When the platform was found to have the record no more; null till then. OneRoster: status tobedeleted."
        ),
    ]

    /// The staging columns of a versioned table: the source's own version, the newest of which wins.
    package static let versionColumns = [
        Column("_version_1", .bigint, "The source's version, compared first.", isRequired: true),
        Column("_version_2", .bigint, "The source's version, compared second.", isRequired: true),
        Column("_tiebreak", .text, "The source's version, compared last.", isRequired: true),
    ]

    /// The staging column that numbers rows in the order they arrived.
    package static let ordinalColumn = Column("_ordinal", .bigint, "The order of arrival.", isRequired: true)

    /// Every table, parents before children.
    package static let all: [Table] = [
        Term.table, Organization.table, Course.table, CourseUnit.table, Assessment.table, Learner.table,
        Enrollment.table, Progress.table, UnitProgress.table, Certificate.table, Grade.table,
        AssessmentResponse.table, Event.table,
    ]

    /// The table of that name.
    package static func named(_ name: String) -> Table? { all.first { $0.name == name } }
}
