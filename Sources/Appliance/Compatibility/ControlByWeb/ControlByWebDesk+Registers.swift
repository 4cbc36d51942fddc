import Site
import Web

extension ControlByWebDesk {
    /// Sets a register as a client over HTTP would, for whoever has its turn in the queue of commands already.
    ///
    /// - Returns: False when there is none of this id.
    func setRegister(_ id: String, to value: Double, by origin: Origin) async -> Bool {
        guard let index = box.registers.firstIndex(where: { $0.id == id }) else { return false }
        return await carryOut([.register(index, value)], by: origin).refusal == nil
    }
}
