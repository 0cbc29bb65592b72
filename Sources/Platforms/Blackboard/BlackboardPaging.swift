import Extractor
import JSON

/// Pages linked by `paging.nextPage`, a path on the same host: Sources/Platforms/Blackboard/README.md §2.
///
/// A missing or empty link alone ends a walk; a short page does not.
struct BlackboardPaging: PagingRule {
    let first: APIRequest
    let origin: APIOrigin
    let root: String

    func read(_ page: Page, asked number: Int) -> PageReading {
        guard !page.isEmptyByStatus else { return .page(PageInfo(number: number, next: .end)) }
        let link = page.document.withRoot { $0["paging"]?["nextPage"]?.string }
        guard let link, !link.isEmpty else { return .page(PageInfo(number: number, next: .end)) }
        do throws(ExtractorError) {
            // A gateway in front of the site leaves links as the site has made them: of those only the query counts. Some
            // releases forget what the first request asked for.
            let isSites = link.hasPrefix(BlackboardOptions.vendorRoot + "/") && !link.hasPrefix(root + "/")
            let next = try NextLink.resolve(
                link,
                origin: origin,
                root: isSites ? BlackboardOptions.vendorRoot : root,
                following: first,
                adding: arguments,
                keepsPath: isSites
            )
            return .page(PageInfo(number: number, next: .request(next)))
        } catch {
            return .broken(error)
        }
    }

    /// The offset of the page after this one, where the link has one.
    static func nextOffset(in page: Page) -> Int? {
        guard !page.isEmptyByStatus,
            let link = page.document.withRoot({ $0["paging"]?["nextPage"]?.string }),
            let name = link.firstRange(of: "offset=")
        else { return nil }
        return Int(link[name.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }

    private var arguments: [(String, String)] {
        first.query.compactMap { argument in
            if case .plain(let value) = argument.value { (argument.name, value) } else { nil }
        }
    }
}
