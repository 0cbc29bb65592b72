import Extractor
import JSON

/// How users, classes and organizations page: 100 a page from page 1 on, an empty page past the end.
///
/// The vendor promises nothing about short pages, so only the empty one ends the walk
/// (Sources/Platforms/Matrix/README.md §2).
struct MatrixPaging: PagingRule {
    private let calls: MatrixCalls
    private let function: MatrixFunction
    private let arguments: [(String, String)]
    private let stream: String
    private let firstPage: Int

    /// - Parameter firstPage: Where an interrupted walk goes on.
    init(
        _ calls: MatrixCalls,
        _ function: MatrixFunction,
        _ arguments: [(String, String)] = [],
        stream: String,
        firstPage: Int = 1
    ) {
        self.calls = calls
        self.function = function
        self.arguments = arguments
        self.stream = stream
        self.firstPage = firstPage
    }

    var first: APIRequest { request(forPage: 1) }

    func request(forPage number: Int) -> APIRequest {
        calls.request(function, arguments + [("page", String(firstPage + number - 1))], stream: stream)
    }

    func read(_ page: Page, asked number: Int) -> PageReading {
        let isEmpty = page.document.withRoot { $0.count == 0 }
        guard isEmpty else { return .page(PageInfo(number: number, next: .page(number + 1))) }
        // An empty first page is the whole list; a later one only ends it.
        return number == 1 ? .page(PageInfo(number: number, next: .end)) : .pastEnd
    }
}
