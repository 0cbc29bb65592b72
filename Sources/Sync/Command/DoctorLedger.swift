import Extractor
import Loader
import Records

/// What `doctor` knows of a source's calls, and tells of its own: a pause holds for it, and its calls count on the day.
///
/// A warehouse that does not know these things yet keeps nobody from checking the platforms.
struct DoctorLedger: Sendable {
    private let warehouse: Warehouse
    private let time: any TimeSource

    /// Lends a ledger; `nil` where there is no warehouse to ask.
    static func with(
        _ access: WarehouseAccess?,
        time: any TimeSource,
        _ body: (DoctorLedger?) async -> Void
    ) async {
        guard let warehouse = try? await access?.open() else { return await body(nil) }
        let isUpToDate = if case .upToDate? = try? await warehouse.migrator.state() { true } else { false }
        await body(isUpToDate ? DoctorLedger(warehouse: warehouse, time: time) : nil)
        await warehouse.close()
    }

    private init(warehouse: Warehouse, time: any TimeSource) {
        (self.warehouse, self.time) = (warehouse, time)
    }

    /// Until when the source may not be called.
    func pause(of sourceID: String) async -> Timestamp? {
        guard let until = try? await warehouse.reader.source(sourceID)?.notBefore,
            until.microseconds > time.wallMicroseconds
        else { return nil }
        return until
    }

    /// Tells the limiter of the calls of the last day.
    func restoreDay(of sourceID: String, _ client: APIClient) async {
        let dayAgo = time.wallMicroseconds - 86_400_000_000
        guard let calls = try? await warehouse.reader.requests(sourceID, since: dayAgo) else { return }
        client.restoreDay(of: sourceID, DayCalls(calls))
    }

    func tell(_ tally: RequestTally, of sourceID: String) async {
        guard let news = tally.takeNews() else { return }
        try? await warehouse.tell(RequestNews(spent: news.spent), sourceID: sourceID)
    }
}
