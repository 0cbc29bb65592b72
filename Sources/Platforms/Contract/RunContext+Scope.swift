extension RunContext {
    /// Those of some named courses that the source reads; the others are noted.
    func restrictedToScope(_ courses: [String]) -> [String] {
        courses.filter { course in
            if scope.contains(course) { return true }
            noteUnknown(NamedRecord(.course, course, isLeftOut: true))
            return false
        }
    }
}
