import CLibpq

/// Owns one `PGresult` and frees it once.
///
/// Sendable because libpq never changes a result it has handed out, and documents that threads may share it.
final class ResultHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        LivePostgresObjects.addResult(1)
    }

    deinit {
        PQclear(pointer)
        LivePostgresObjects.addResult(-1)
    }
}
