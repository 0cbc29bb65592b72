/// How one list of a platform pages.
package protocol PagingRule: Sendable {
    /// The request for the first page.
    var first: APIRequest { get }
    /// Returns the request for page `number`, 2 or more; lists without numbers never answer `.page`.
    func request(forPage number: Int) -> APIRequest
    /// Reads what `page` says of the walk; `number` is the page asked for.
    func read(_ page: Page, asked number: Int) -> PageReading
    /// Whether two equal pages in a row prove that the server ignores the page number.
    var refusesEqualPages: Bool { get }
    /// A walk longer than this is an error.
    var pageCap: Int { get }
}

extension PagingRule {
    package var refusesEqualPages: Bool { false }
    package var pageCap: Int { 1_000_000 }
    package func request(forPage number: Int) -> APIRequest { first }
}
