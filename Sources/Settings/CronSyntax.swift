/// The five fields of a cron expression.
enum CronSyntax {
    private struct Field {
        let name: String
        let range: ClosedRange<Int>
        var names: [String] = []
        /// What the first of `names` stands for.
        var firstName = 0
    }

    private static let fields = [
        Field(name: "minute", range: 0...59),
        Field(name: "hour", range: 0...23),
        Field(name: "day of the month", range: 1...31),
        Field(
            name: "month",
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            firstName: 1
        ),
        Field(name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// What is wrong with `expression`, or `nil` where it is fine.
    static func problem(in expression: String) -> String? {
        let parts = expression.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard parts.count == fields.count else {
            return "a schedule has 5 fields (minute hour day month weekday), not \(parts.count)"
        }
        for (part, field) in zip(parts, fields) {
            let items = part.split(separator: ",", omittingEmptySubsequences: false)
            guard items.allSatisfy({ isValid($0, in: field) }) else {
                return "the \(field.name) of a schedule is a number of \(field.range.lowerBound) to "
                    + "\(field.range.upperBound), *, a range a-b, a list a,b or a step */n"
            }
        }
        return nil
    }

    /// The numbers that each field of `expression` allows, or `nil` where its form is wrong.
    static func values(of expression: String) -> [Set<Int>]? {
        guard problem(in: expression) == nil else { return nil }
        let parts = expression.split(whereSeparator: { $0 == " " || $0 == "\t" })
        return zip(parts, fields).map { part, field in
            part.split(separator: ",").reduce(into: Set<Int>()) { $0.formUnion(values(of: $1, in: field)) }
        }
    }

    private static func values(of item: Substring, in field: Field) -> Set<Int> {
        let halves = item.split(separator: "/", maxSplits: 1)
        let step = halves.count == 2 ? Int(halves[1]) ?? 1 : 1
        let ends = halves[0].split(separator: "-", maxSplits: 1).compactMap { value($0, in: field) }
        var range = field.range
        if halves[0] != "*", let first = ends.first {
            // A single number with a step goes on to the end of the field.
            range = first...(ends.count == 2 ? ends[1] : halves.count == 2 ? field.range.upperBound : first)
        }
        return Set(stride(from: range.lowerBound, through: range.upperBound, by: step))
    }

    private static func isValid(_ item: Substring, in field: Field) -> Bool {
        let halves = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = halves.first else { return false }
        if halves.count == 2 {
            guard let step = Int(halves[1]), step > 0, step <= field.range.upperBound + 1 else { return false }
        }
        if base == "*" { return true }
        let ends = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            .map { value($0, in: field) }
        guard let first = ends.first ?? nil else { return false }
        guard ends.count == 2 else { return true }
        guard let last = ends[1] else { return false }
        return first <= last
    }

    private static func value(_ text: Substring, in field: Field) -> Int? {
        if let place = field.names.firstIndex(of: text.lowercased()) { return place + field.firstName }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            field.range.contains(number)
        else { return nil }
        return number
    }
}
