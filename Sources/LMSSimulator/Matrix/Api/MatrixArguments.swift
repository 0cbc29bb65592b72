/// The arguments of a call, which may stand in a query or in a form.
struct MatrixArguments {
    /// Why a call is a bad request.
    struct Problem: Error {
        var message: String
    }

    private let pairs: [(name: String, value: String)]

    init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    func value(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// An integer that the function cannot do without.
    func integer(_ name: String) throws(Problem) -> Int {
        guard let text = value(name) else { throw Problem(message: "Missing argument: \(name)") }
        guard let number = Int(text) else { throw Problem(message: "Invalid argument: \(name)") }
        return number
    }

    func page() throws(Problem) -> Int {
        guard let text = value("page") else { return 1 }
        guard let page = Int(text), page >= 1, page <= 10_000_000 else { throw Problem(message: "Invalid page") }
        return page
    }

    /// An array: each element as an argument of its own whose name ends in brackets.
    func ids(_ name: String, atMost limit: Int) throws(Problem) -> [Int] {
        let texts = pairs.filter { $0.name == name + "[]" }.map(\.value)
        guard !texts.isEmpty else { throw Problem(message: "Missing argument: \(name)") }
        guard limit <= 0 || texts.count <= limit else { throw Problem(message: "Too many \(name)") }
        var ids: [Int] = []
        for text in texts {
            guard let id = Int(text) else { throw Problem(message: "Invalid argument: \(name)") }
            ids.append(id)
        }
        return ids
    }

    func flag(_ name: String) throws(Problem) -> Bool? {
        switch value(name) {
        case nil, "": nil
        case "true": true
        case "false": false
        default: throw Problem(message: "Invalid argument: \(name)")
        }
    }

    /// A date filter: the beginning of the day it names, by clocks so many minutes ahead of UTC.
    func day(_ name: String, offsetMinutes: Int) throws(Problem) -> Instant? {
        guard let text = value(name), !text.isEmpty else { return nil }
        guard let civil = CivilTime(date: text) else { throw Problem(message: "Invalid date: \(name)") }
        return civil.instant(offsetMinutes: offsetMinutes)
    }
}
