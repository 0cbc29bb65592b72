/// A row that arrives at the front of a list right after one of its pages was served.
package struct ListShift: Codable, Sendable, Equatable {
    /// The list's name, one of those whose platform knows shifts.
    package var list: String
    /// The page after which the row arrives.
    package var afterPage: Int
    /// How often this happens before it switches itself off.
    package var times: Int

    /// Makes a shift.
    package init(list: String, afterPage: Int, times: Int = 1) {
        self.list = list
        self.afterPage = afterPage
        self.times = times
    }
}
