import Site
import Web

extension ControlByWebDesk {
    /// Sets a register as a client over HTTP would.
    ///
    /// - Returns: False when there is none of this id.
    func setRegister(_ id: String, to value: Double, by origin: Origin) async -> Bool {
        guard let index = box.registers.firstIndex(where: { $0.id == id }) else { return false }
        return await perform([.register(index, value)], by: origin).refusal == nil
    }
}
