import Extractor
import JSON

/// Pages numbered from 1 with `meta.page`, `meta.totalPages`, `meta.totalItems`:
/// Sources/Platforms/LearnWorlds/README.md §2.
struct LearnWorldsPaging: PagingRule {
    let first: APIRequest
    /// Pages before this one are left out: an interrupted walk read them.
    var firstPage = 1
    /// The walk ends after this many pages, where a list is read in stretches.
    var pageLimit: Int?

    init(_ request: APIRequest, firstPage: Int = 1, pageLimit: Int? = nil) {
        first = request.settingQuery("page", to: String(firstPage))
        self.firstPage = firstPage
        self.pageLimit = pageLimit
    }

    func request(forPage number: Int) -> APIRequest {
        first.settingQuery("page", to: String(number + firstPage - 1))
    }

    func read(_ page: Page, asked number: Int) -> PageReading {
        if page.isEmptyByStatus {
            return .page(PageInfo(number: number, totalPages: 0, totalItems: 0, next: .end))
        }
        let asked = number + firstPage - 1
        let reading = page.document.withRoot { root in
            let meta = root["meta"]
            func integer(_ name: StaticString) -> Int? { meta?[name]?.int64.map { Int(truncatingIfNeeded: $0) } }
            return NumberedPaging.read(
                asked: asked,
                echoed: integer("page"),
                totalPages: integer("totalPages"),
                totalItems: integer("totalItems"),
                itemsPerPage: integer("itemsPerPage"),
                itemCount: root["data"]?.count ?? 0
            )
        }
        guard case .page(var info) = reading else { return reading }
        info.number = number
        info.totalPages = info.totalPages.map { max($0 - firstPage + 1, 0) }
        if case .page = info.next { info.next = .page(number + 1) }
        if let pageLimit {
            info.totalPages = info.totalPages.map { min($0, pageLimit) }
            if number >= pageLimit { info.next = .end }
        }
        return .page(info)
    }
}
