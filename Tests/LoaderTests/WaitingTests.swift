import Postgres
import Records
import RegistrarTesting
import Synchronization
import Testing

@testable import Loader

@Suite struct WaitingTests {
    @Test("a full disk is told at once and each minute, a lost connection once it lasts")
    func notices() {
        var room = WaitNotices(since: .seconds(10), isForRoom: true)
        #expect(room.due == .seconds(10))
        #expect(!room.wasTold)
        room.noteTold(at: .seconds(10))
        #expect(room.due == .seconds(70))
        #expect(room.wasTold)
        room.noteTold(at: .seconds(71))
        #expect(room.due == .seconds(131))
        let outage = WaitNotices(since: .seconds(10), isForRoom: false)
        #expect(outage.due == .seconds(15))
    }

    @Test("a wait for room ends with an attempt at its last moment")
    func lastAttempt() {
        let full = PostgresError.told("53100")
        var schedule = RetrySchedule(timing: RetryTiming())
        #expect(
            schedule.action(for: full, now: .seconds(5), chance: 0, isFirst: false)
                == .again(after: .seconds(30), reconnect: false)
        )
        #expect(schedule.wait?.since == .seconds(5))
        #expect(schedule.wait?.until == .seconds(305))
        #expect(
            schedule.action(for: full, now: .seconds(300), chance: 1, isFirst: false)
                == .again(after: .seconds(5), reconnect: false)
        )
        #expect(schedule.action(for: full, now: .seconds(305), chance: 0, isFirst: false) == .fail)
        #expect(schedule.wait == nil)
    }

    @Test("the session's name holds a wait and fits PostgreSQL's limit")
    func titles() throws {
        let (since, until) = (instant(), instant(300))
        let title = SessionTitle(name: "registrar/sync", sqlState: "53100", since: since, until: until)
        #expect(title.text == "registrar/sync waits 53100 1735689600 1735689900")
        #expect(SessionTitle(text: title.text) == title)
        let long = SessionTitle(
            name: String(repeating: "n", count: 80),
            sqlState: "53100",
            since: since,
            until: until
        )
        #expect(long.text.utf8.count == 63)
        #expect(SessionTitle(text: long.text)?.since == since)
        #expect(SessionTitle(text: "registrar/sync") == nil)
        #expect(SessionTitle(text: "somebody waits for a train") == nil)
    }

    @Test("while the disk is full the wait is told, status sees it, and its end is told", .timeLimit(.minutes(1)))
    func fullDisk() async throws {
        try await withWarehouse { test in
            var timing = RetryTiming()
            timing.roomPause = .milliseconds(20)
            let told = Mutex<[WarehouseWait]>([])
            let warehouse = Warehouse(
                settings: try PostgresSettings(url: test.url, applicationName: "registrar/sync"),
                timing: timing
            ) { wait in told.withLock { $0.append(wait) } }
            let attempts = Mutex(0)
            let name = try await warehouse.writing.transaction { connection, _ in
                let attempt = attempts.withLock { count in
                    count += 1
                    return count
                }
                if attempt < 3 {
                    try connection.execute("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$")
                }
                return try connection.query(
                    "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"
                ).string(0, 0) ?? ""
            }
            #expect(name.hasPrefix("registrar/sync waits 53100 "))
            let waits = told.withLock { $0 }
            #expect(waits.map(\.isOver) == [false, true])
            #expect(waits.first?.cause == "the database server's disk is full (SQLSTATE 53100 disk_full)")
            let lasts = waits.first.map { $0.until.microseconds - $0.since.microseconds }
            #expect(lasts == 300_000_000)
            #expect(waits.first?.description.contains("waits since 20") == true)
            let after = try await warehouse.writing.perform { connection in
                try connection.query("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")
                    .string(0, 0)
            }
            #expect(after == "registrar/sync")
            await warehouse.close()
        }
    }

    @Test("status finds the sessions that wait, in its own database only")
    func waitingSessions() async throws {
        try await withWarehouse { test in
            let title = SessionTitle(name: "registrar/sync", sqlState: "53100", since: instant(), until: instant(300))
            let settings = try PostgresSettings(url: test.url, applicationName: title.text)
            try await PostgresConnection.withConnection(settings) { _ async throws in
                let found = try await test.warehouse.reader.waitingSessions()
                #expect(found.map(\.name) == ["registrar/sync"])
                #expect(found.first?.wait.until == instant(300))
                #expect(found.first?.wait.cause == "the database server's disk is full (SQLSTATE 53100 disk_full)")
            }
            try await withTestDatabase { other in
                let settings = try PostgresSettings(url: other, applicationName: title.text)
                try await PostgresConnection.withConnection(settings) { _ async throws in
                    #expect(try await test.warehouse.reader.waitingSessions().allSatisfy { $0.wait.since != instant() })
                }
            }
        }
    }

    @Test("connections that wait together tell it once")
    func together() {
        let told = Mutex<[WarehouseWait]>([])
        let board = WaitBoard { wait in told.withLock { $0.append(wait) } }
        let wait = WarehouseWait(cause: "full", since: instant(), until: instant(300))
        board.begin(wait, isForRoom: true)
        board.begin(wait, isForRoom: true)
        board.tellIfDue()
        board.tellIfDue()
        #expect(told.withLock { $0 } == [wait])
        board.end(goesOn: true)
        #expect(told.withLock { $0.count } == 1)
        board.end(goesOn: true)
        #expect(told.withLock { $0.map(\.isOver) } == [false, true])
    }
}
