import CLibpq

extension PostgresConnection {
    /// Runs `body` in one transaction, which is committed when it returns and rolled back when it throws.
    ///
    /// The body is synchronous on purpose: during an `await` another task's statement could run. Cancelling the
    /// task stops the statement that is running, but not a COMMIT. An error thrown by the body is passed on;
    /// a failed rollback never replaces it.
    ///
    /// - Throws: `PostgresError.Code.commitInDoubt` when the answer to COMMIT was lost; ask
    ///   `resolve(transactionID:settings:)` before doing the work again.
    package func transaction<Value: Sendable>(
        _ body: @Sendable (isolated PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await cancellable { try runTransaction(body) }
    }

    func runTransaction<Value>(_ body: (isolated PostgresConnection) throws -> Value) throws -> Value {
        guard session.transactionStatus == PQTRANS_IDLE || session.connection == nil else {
            throw PostgresError(.busy, "a transaction is already open on this connection")
        }
        _ = try session.script("BEGIN")
        let value: Value
        let transactionID: String?
        do {
            value = try body(self)
            try checkNotFailed()
            transactionID = try session.query("SELECT pg_current_xact_id_if_assigned()::text", []).string(0, 0)
        } catch {
            rollback()
            throw error
        }
        try commit(transactionID)
        return value
    }

    /// A body that swallowed an error of the server would otherwise be "committed" into a rollback.
    private func checkNotFailed() throws {
        switch session.transactionStatus {
        case PQTRANS_INTRANS: return
        case PQTRANS_INERROR:
            throw PostgresError(.commitRefused, "a statement of the transaction failed, so it cannot be committed")
        case PQTRANS_IDLE:
            throw PostgresError(.commitRefused, "the transaction was ended by one of its own statements")
        default:
            throw PostgresError(.closed, "the connection to PostgreSQL was closed during the transaction")
        }
    }

    private func commit(_ transactionID: String?) throws {
        do {
            _ = try session.script("COMMIT", isCancellable: false)
        } catch let error as PostgresError {
            // While the connection stands, the server's refusal is an answer; without a transaction id
            // nothing was written, so there is nothing to doubt.
            guard session.connection == nil, let transactionID else { throw error }
            throw PostgresError(
                .commitInDoubt,
                "the connection was lost during COMMIT; whether it took effect must be asked on a new connection",
                sqlState: error.sqlState,
                transactionID: transactionID,
                serverMessage: error.serverMessage
            )
        }
    }

    private func rollback() {
        guard session.connection != nil, session.transactionStatus != PQTRANS_IDLE else { return }
        do {
            _ = try session.script("ROLLBACK", deadline: .seconds(10), isCancellable: false)
        } catch {
            // The body's error is the one worth reporting; a connection that cannot roll back is of no more use.
            session.close()
        }
    }

    /// Asks a new connection what became of a transaction whose COMMIT got no answer.
    ///
    /// Waits while the transaction is still in progress, until `limit`: then the answer is `unknown`.
    package static func resolve(
        transactionID: String,
        settings: PostgresSettings,
        limit: Duration = .seconds(30)
    ) async throws -> CommitOutcome {
        try await withConnection(settings) { connection in
            let end = ContinuousClock.now.advanced(by: limit)
            var pause: Duration = .milliseconds(20)
            while true {
                switch try await connection.status(of: transactionID) {
                case "committed": return .committed
                case "aborted": return .aborted
                case "in progress" where ContinuousClock.now < end:
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(1))
                default: return .unknown
                }
            }
        }
    }

    private func status(of transactionID: String) async throws -> String? {
        do {
            return try await query("SELECT pg_xact_status($1::xid8)", [.text(transactionID)]).string(0, 0)
        } catch let error as PostgresError where error.sqlState == "22023" {
            return nil  // an id from the future: the server was restored to an earlier state
        }
    }
}
