import Records

/// Logins and sessions.
extension MatrixIncremental {
    /// Where no class is ever read, the logins make nothing hot: their marks need not wait for it.
    func keepLoginsWithoutClasses(_ logins: [String: MatrixLogin]) async {
        let streams = Matrix.kinds[0].completed(run.settings.streams)
        guard !streams.contains("enrollments") else { return }
        let now = run.serverNow
        await run.apply(logins.values.compactMap { MatrixLists.mark($0, asOf: now) })
    }

    /// Once a day, the sessions of those who logged in meanwhile.
    func readSessions() async throws {
        let mark = try await run.facts.watermark("events", "") ?? MarkPosition()
        guard isDue(mark[.readAt], every: Self.day) else { return }
        let logins = try await run.facts.watermarks(MatrixLists.Mark.logins)
        let read = try await run.facts.watermarks("events")
        let now = run.serverNow
        let fresh = read.filter { mark in
            !(sweep?.isDue(mark.value[.readAt], within: sweep?.maxAge ?? .zero, now: now) ?? false)
        }
        let due = MatrixSessionPlan.due(logins: logins, read: fresh, now: now)
        let lists = makeLists()
        let isRead = try await run.read(
            MatrixSessionPlan.batches(due, of: options.batch).map { batch in
                lists.sessions(batch, known: Set(batch.keys.filter { read[$0] != nil }), run)
            }
        ).isComplete
        guard isRead else { return }
        var position = mark
        position[.readAt] = run.serverNow
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.serverNow)])
    }
}
