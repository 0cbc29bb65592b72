/// A date filter of a list: `X` and `XCompare`, inclusive below, exclusive above.
struct DateFilter: Sendable {
    private let moment: Instant
    private let isBefore: Bool

    /// The filter of a request; nil where there is none.
    static func read(_ name: String, _ request: SimulatedRequest) throws(SimulatorError) -> DateFilter? {
        guard let text = request.value(name) else { return nil }
        guard let moment = Instant(iso: text) else { throw SimulatorError("Invalid date: \(name)") }
        switch request.value(name + "Compare") {
        case nil, "greaterOrEqual": return DateFilter(moment: moment, isBefore: false)
        case "lessThan": return DateFilter(moment: moment, isBefore: true)
        default: throw SimulatorError("Invalid value: \(name)Compare")
        }
    }

    private init(moment: Instant, isBefore: Bool) {
        self.moment = moment
        self.isBefore = isBefore
    }

    /// Whether a record passes; one without the date does not.
    func holds(_ date: Instant) -> Bool {
        !date.isNone && (isBefore ? date < moment : date >= moment)
    }
}

extension BlackboardSite {
    /// The date filters of a request that this version knows.
    func dateFilters(
        _ names: [String],
        of list: BlackboardList,
        _ request: SimulatedRequest
    ) throws(SimulatorError) -> [String: DateFilter] {
        var filters: [String: DateFilter] = [:]
        for name in names where knows(name, of: list) {
            filters[name] = try DateFilter.read(name, request)
        }
        return filters
    }

    /// A text filter: it means *contains* (Sources/Platforms/Blackboard/README.md §2).
    static func contains(_ text: String?, _ wanted: String?) -> Bool {
        guard let wanted else { return true }
        return text?.lowercased().contains(wanted.lowercased()) ?? false
    }
}
