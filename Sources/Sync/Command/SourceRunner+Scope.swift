import Loader
import Platforms
import Records

extension SourceRunner {
    /// Which courses a run reads, by what the warehouse knows of them.
    func scope() async throws -> CourseFilter {
        let marks = try await warehouse.reader.allWatermarks(settings.id, CourseFilter.marks)
        let leftOut = marks.filter { CourseFilter.isLeftOut(MarkPosition(json: $0.position)) }.map(\.partition)
        let kind = PlatformRegistry.kinds.first { $0.kind == settings.kind }
        let filter = CourseFilter(
            settings.scope,
            kind?.scope ?? CourseVocabulary(),
            timeZone: settings.timeZone,
            leftOut: Set(leftOut)
        )
        guard filter.isNeeded else { return filter }
        filter.note(
            rows: try await warehouse.reader.values(
                settings.id,
                of: Course.table,
                columns: CourseFilter.columns,
                matching: [:]
            )
        )
        return filter
    }
}
