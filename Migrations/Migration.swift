/// One step of the warehouse's schema: an SQL file of this folder, compiled into the binary.
///
/// A migration runs in one transaction, which the migrator opens, and is never edited once released.
package struct Migration: Hashable, Sendable {
    /// The number its file name begins with; migrations run in this order.
    package let version: Int
    /// The rest of the file name, without `.sql`.
    package let name: String
    /// The statements, without BEGIN and COMMIT.
    package let sql: String

    /// Every migration, oldest first.
    ///
    /// Embedding offers no list of files and drops a name's first digit, so each is named here; a test compares this
    /// list with the folder.
    package static let all: [Migration] = [
        Migration(1, "sync_state", PackageResources._001_sync_state_sql),
        Migration(2, "lms_tables", PackageResources._002_lms_tables_sql),
        Migration(3, "freshness_views", PackageResources._003_freshness_views_sql),
        Migration(4, "run_plans", PackageResources._004_run_plans_sql),
        Migration(5, "late_indexes", PackageResources._005_late_indexes_sql),
        Migration(6, "source_identity", PackageResources._006_source_identity_sql),
        Migration(7, "request_counts", PackageResources._007_request_counts_sql),
        Migration(8, "documented_columns", PackageResources._008_documented_columns_sql),
    ]

    private init(_ version: Int, _ name: String, _ bytes: [UInt8]) {
        self.version = version
        self.name = name
        sql = String(decoding: bytes, as: UTF8.self)
    }
}
