import Extractor
import Loader
import Platforms

extension SourceRunner {
    /// What the source's rows are loaded from, by its settings.
    var origin: SourceOrigin {
        SourceOrigin(
            kind: settings.kind,
            url: settings.url,
            configDigest: settings.configDigest,
            storedForm: kind.map { StoredForm(settings, kind: $0).json } ?? StoredForm().json
        )
    }

    private var kind: KindDescription? { PlatformRegistry.kinds.first { $0.kind == settings.kind } }

    /// How the source stands to what the warehouse holds under its id.
    func change() async throws -> SourceChange {
        guard let kind else { return .none }
        let stored = try await warehouse.reader.source(settings.id)
        let decide = { isLoaded in
            SourceChange.decide(stored: stored, isLoaded: isLoaded, settings: settings, kind: kind)
        }
        // What is the same needs no look at the tables.
        let change = decide(true)
        guard change != .none, let stored else { return change }
        let streams = PlatformRegistry.kinds.first { $0.kind == stored.kind }?.streams ?? kind.streams
        return decide(try await warehouse.reader.isLoaded(settings.id, streams: streams))
    }

    /// The change that a run is allowed to make.
    ///
    /// - Parameter restarting: The streams that the run reads anew, for `baseline --restart`; `nil` for every other run.
    /// - Throws: ``SyncError`` `sourceChanged` or `formChanged` where the run would mix what it reads with other rows.
    @discardableResult
    func permittedChange(restarting: [String]?) async throws -> SourceChange {
        let change = try await change()
        guard !change.isHealed(byRestarting: restarting, of: selected([])) else { return change }
        if let refusal = try await refusal(of: change) { throw refusal }
        return change
    }

    /// Why a source that has changed so is not read; `nil` where it is.
    func refusal(of change: SourceChange) async throws -> SyncError? {
        let id = settings.id
        switch change {
        case .none, .moved: return nil
        case .kind(let stored, let url):
            return SyncError(
                .sourceChanged,
                "source \(id) was loaded from \(stored) at \(url); a new school needs a new id "
                    + "(registrar forget --source \(id) removes the rows of the old one)"
            )
        case .host(let stored, _):
            return SyncError(
                .sourceChanged,
                "source \(id) was loaded from \(settings.kind) at \(stored), and its url is another host now; a new school "
                    + "needs a new id. If the same school has moved, add moved_from: \(stored) to the source, or read all "
                    + "of it again from the new host with registrar baseline --restart --source \(id)\(try await cost(change))"
            )
        case .form(let changed):
            let touched = change.streamsTouched(of: selected([]))
            let streams = touched == selected([]) ? "" : touched.map { " --stream \($0)" }.joined()
            return SyncError(
                .formChanged,
                "\(changed.settings.joined(separator: ", ")) changed since the rows of \(id) were stored: put it back, or read "
                    + "them again in the new form with registrar baseline --restart --source \(id)\(streams)"
                    + "\(try await cost(change))"
            )
        }
    }

    /// What reading again costs, where an earlier baseline tells.
    private func cost(_ change: SourceChange) async throws -> String {
        let touched = selected(change.streamsTouched(of: selected([])))
        guard let requests = try await warehouse.reader.lastBaselineRequests(settings.id, streams: touched) else {
            return ""
        }
        return " (the last baseline made \(requests) requests for that; registrar plan --baseline forecasts it)"
    }
}
