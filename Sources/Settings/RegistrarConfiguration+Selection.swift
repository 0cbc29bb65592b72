import Platforms

extension RegistrarConfiguration {
    /// Checks what a command line selected.
    ///
    /// - Parameters:
    ///   - ids: Values of `--source`; none means every source.
    ///   - streams: Values of `--stream`; each must be on for at least one selected source.
    /// - Throws: The first name that is not there, with the nearest one that is.
    package func checkSelection(sources ids: [String], streams: [String]) throws(SelectionError) {
        let known = sources.map(\.id)
        for id in ids where !known.contains(id) {
            throw SelectionError(
                subject: .source,
                description: "no source \(Section.quoted(id)) in \(file)" + Self.hint(id, known, "the sources are")
            )
        }
        let selected = sources.filter { ids.isEmpty || ids.contains($0.id) }
        let on = Set(selected.flatMap(\.streams))
        for stream in streams where !on.contains(stream) {
            let names = selected.reduce(into: [String]()) { names, source in
                names += source.streams.filter { !names.contains($0) }
            }
            throw SelectionError(
                subject: .stream,
                description:
                    "no stream \(Section.quoted(stream)) is on for \(selected.map(\.id).joined(separator: ", "))"
                    + Self.hint(stream, names, "the streams are")
            )
        }
    }

    private static func hint(_ name: String, _ known: [String], _ introduction: String) -> String {
        NearestName.of(name, in: known).map { "; did you mean \($0)?" }
            ?? "; \(introduction) \(known.joined(separator: ", "))"
    }
}
