package import JSON
package import Records

extension JSONObjectBuilder {
    /// The object as a column holds it.
    package var text: JSONText { JSONText(string) }
}
