import Extractor
import Loader
import Platforms

/// How a configured source stands to what the warehouse holds under its id: decided before anything is asked of a platform.
///
/// A value without warehouse or clock, so that every case can be told from a table.
enum SourceChange: Sendable, Equatable {
    /// The rows came from here, in the form that is asked for; or there are none.
    case none
    /// The rows came from an address that the source names as its former one.
    case moved
    /// The rows came from another platform: they are another school's.
    case kind(stored: String, url: String)
    /// The rows came from another host, and may be in another form, too.
    case host(stored: String, form: FormChange?)
    /// The rows are in another form.
    case form(FormChange)

    /// What a baseline that begins anew has to do, on top of reading everything.
    static func decide(
        stored: StoredSource?,
        isLoaded: Bool,
        settings: SourceSettings,
        kind: KindDescription
    ) -> SourceChange {
        guard let stored, isLoaded else { return .none }
        guard stored.kind == settings.kind else { return .kind(stored: stored.kind, url: stored.url) }
        let form = formChange(stored, settings, kind)
        let isElsewhere = !isSameHost(stored.url, settings.url)
        guard !isElsewhere || settings.movedFrom.contains(where: { isSameHost($0, stored.url) }) else {
            return .host(stored: stored.url, form: form)
        }
        if let form { return .form(form) }
        return isElsewhere ? .moved : .none
    }

    private static func formChange(
        _ stored: StoredSource,
        _ settings: SourceSettings,
        _ kind: KindDescription
    ) -> FormChange? {
        let wanted = StoredForm(settings, kind: kind)
        guard let json = stored.storedForm, let form = StoredForm(json: json) else {
            // An earlier release kept a digest only: where it is the same no setting has changed.
            guard stored.configDigest == nil || stored.configDigest == settings.configDigest else { return .unknown }
            return FormChange(from: wanted.ofEarlierRelease, to: wanted, kind: kind)
        }
        return FormChange(from: form, to: wanted, kind: kind)
    }

    /// Whether two addresses are of one host and port, however they are written.
    static func isSameHost(_ left: String, _ right: String) -> Bool {
        guard let left = try? APIOrigin(parsing: left), let right = try? APIOrigin(parsing: right) else {
            return left == right
        }
        return left.host == right.host && left.port == right.port
    }

    /// Whether a run may read the source: nothing is to be healed, or the run itself does so.
    ///
    /// - Parameters:
    ///   - streams: What the run begins anew; `nil` for one that begins nothing anew.
    ///   - all: The streams of the source.
    func isHealed(byRestarting streams: [String]?, of all: [String]) -> Bool {
        switch self {
        case .none, .moved: true
        case .kind: false
        case .host: streams.map { Set($0).isSuperset(of: all) } ?? false
        case .form: streams.map { Set($0).isSuperset(of: streamsTouched(of: all)) } ?? false
        }
    }

    /// The streams of a source that have to be read again.
    func streamsTouched(of all: [String]) -> [String] {
        guard case .form(let change) = self, let touched = change.streams else { return all }
        let on = all.filter(touched.contains)
        return on.isEmpty ? all : on
    }

    /// Whether the run that begins anew notes what the rows are from then on, in the transaction in which they begin.
    var isMadeByRestart: Bool {
        switch self {
        case .none, .moved: false
        case .kind, .host, .form: true
        }
    }

    /// Whether what is read from now on may be another school's, so that no stored row may pass for one of its own.
    var isOtherSchool: Bool {
        if case .host = self { true } else { false }
    }

    /// What becomes of what is stored of persons when the run begins anew.
    var restatement: LearnerRestatement? {
        let change: FormChange
        switch self {
        case .form(let form), .host(_, .some(let form)): change = form
        default: return nil
        }
        return LearnerRestatement(
            emptied: change.emptied,
            keptFields: change.keptFields,
            emptiesFreeText: change.emptiesFreeText
        )
    }
}
