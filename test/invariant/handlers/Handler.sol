// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {IRoleToken} from "../../../contracts/tokens/interfaces/IRoleToken.sol";
import {TestMarket} from "../../mocks/TestMarket.sol";
import {Refuser, ROLE_COUNT, Suite, roleTokenOf} from "../../support/SuiteFixture.sol";
import {bound, holds, VM} from "../../support/Vm.sol";
import {DisputeBooks} from "./DisputeBooks.sol";

/// @title What all handlers share: the actors, and how they come to what they need
/// @dev The runner calls every external function that writes, with random arguments and in random order. To add one:
///
///     1. write it in the handler of its subject, `external counted`, with a seed as its argument;
///     2. derive everything from the seed with {bound} and {pick}, and make what is missing, so that it always succeeds:
///        the runner counts a revert as a failure;
///     3. book in {Ghost} what it must have done;
///     4. {note} what it did, if it can do several things;
///     5. add its selector to the list in Economy.t.sol, which proves that it works.
abstract contract Handler is DisputeBooks {
    /// None and the eight of genesis; the four of genesis.
    uint32 private constant EVERY_ROLE = 0x1ff;
    uint32 private constant EVERY_SCHEDULE = 0x1e;

    address[] internal clients;
    /// The last of them is a contract that refuses every call (M-07).
    address[] internal providers;
    address internal orchestrator;
    address internal evaluator;
    address internal stranger;
    address internal sweeper;
    /// Somebody through whose hands nearly all OCTO goes.
    address internal whale;
    /// A second market, in whose name the handlers speak to the vault.
    address public otherMarket;
    /// Every account above.
    address[] internal actors;
    address[] internal delegators;
    /// They work below others, and hire below themselves.
    address[] internal agents;
    /// Named and dismissed by governance, a lane at a time.
    address public secondJudge = address(0x5EC0);

    mapping(address account => uint256 key) internal keyOf;

    /// @notice How often each handler has done its work.
    mapping(bytes4 handler => uint256 times) public done;
    uint256 public doneInAll;

    string[] private _deeds;
    mapping(string deed => uint256 times) private _timesOf;

    modifier counted() {
        _;
        ++done[msg.sig];
        ++doneInAll;
    }

    constructor(Suite memory suite_) {
        suite = suite_;
        otherMarket = address(new TestMarket(suite.octo, suite.settlement));
        for (uint256 i = 1; i <= 3; ++i) clients.push(_actor(i));
        for (uint256 i = 4; i <= 5; ++i) providers.push(_actor(i));
        (orchestrator, evaluator) = (_actor(6), _actor(7));
        (stranger, sweeper, whale) = (_actor(8), _actor(9), _actor(10));
        for (uint256 i = 11; i <= 13; ++i) agents.push(_actor(i));
        providers.push(address(new Refuser()));
        actors.push(providers[2]);

        for (uint256 i = 0; i < actors.length; ++i) _equip(actors[i]);
        delegators = [clients[0], clients[1], stranger, evaluator, orchestrator, providers[0]];
        _equip(suite.bank);
        VM.prank(suite.admin);
        suite.settlement.admitMarket(otherMarket, EVERY_ROLE, EVERY_SCHEDULE);
    }

    /// @notice What handlers that can do several things did, and how often.
    function everyDeed() external view returns (string[] memory deeds, uint256[] memory times) {
        deeds = _deeds;
        times = new uint256[](deeds.length);
        for (uint256 i = 0; i < deeds.length; ++i) times[i] = _timesOf[deeds[i]];
    }

    function everybody() external view returns (address[] memory) {
        return actors;
    }

    function everyDelegator() external view returns (address[] memory) {
        return delegators;
    }

    /// @dev Handlers that come down to one thing or another say which, so that a run shows what it really did.
    function note(string memory deed) internal {
        if (_timesOf[deed]++ == 0) _deeds.push(deed);
    }

    function pick(address[] storage list, uint256 seed) internal view returns (address) {
        return list[seed % list.length];
    }

    /// @dev A quarter dust, a quarter around the smallest that is recorded, the rest up to 100,000 OCTO.
    function amountFrom(uint256 seed) internal pure returns (uint128) {
        uint256 most =
            seed % 4 == 0
                ? 1e4
                : seed % 4 == 1
                    ? 20e18
                    : 100_000e18;
        return uint128(bound(seed >> 2, 1, most));
    }

    /// @dev One of the roles that the handlers bond in.
    function roleFrom(uint256 seed) internal pure returns (RoleId) {
        if (seed % 3 == 0) return Roles.COMPUTE;
        return seed % 3 == 1 ? Roles.DEVELOPER : Roles.ORCHESTRATOR;
    }

    function jump(uint256 duration) internal {
        VM.warp(block.timestamp + duration);
    }

    function jumpTo(uint256 timestamp) internal {
        if (block.timestamp < timestamp) VM.warp(timestamp);
    }

    /// @dev The bank sees to it that the account has at least so much OCTO.
    function supply(address account, uint256 amount) internal {
        if (suite.octo.balanceOf(account) >= amount) return;
        VM.prank(suite.bank);
        suite.octo.transfer(account, amount);
    }

    function buyRoleTokens(address account, RoleId role, uint256 amount) internal {
        if (amount < 1e18) amount = 1e18;
        uint256 price = suite.engine.quoteExactOut(role, amount);
        supply(account, price);
        VM.prank(account);
        uint256 out = suite.engine.buy(role, uint128(price), uint128(amount), block.timestamp);
        touch(role);
        bookPurchase(role, out, price, 0);
    }

    function bond(address account, RoleId role, uint256 octo, uint256 roleTokens) internal {
        supply(account, octo);
        if (roleTokenOf(suite, role).balanceOf(account) < roleTokens) buyRoleTokens(account, role, roleTokens);
        VM.prank(account);
        suite.registry.bond(role, uint128(octo), uint128(roleTokens));
    }

    /// @dev Brings both bonds to the minimum. The account must not be banned.
    function activate(address account, RoleId role) internal {
        if (suite.registry.isActive(account, role)) return;
        VM.prank(suite.admin);
        suite.desk.liftSuspension(account, role);
        (uint256 octo, uint256 roleTokens) = minimumOf(role);
        (uint256 octoBond, uint256 roleBond) = suite.registry.bondOf(account, role);
        if (octoBond < octo || roleBond < roleTokens) {
            bond(
                account,
                role,
                octo > octoBond ? octo - octoBond : 0,
                roleTokens > roleBond ? roleTokens - roleBond : 0
            );
        }
        suite.registry.refresh(account, role);
        holds(suite.registry.isActive(account, role), "R-3: at the minimum and not active");
    }

    /// @dev Brings the bond up to what carries so much more work in flight.
    function makeRoom(address account, RoleId role, uint256 budget) internal {
        (uint256 octoBond, ) = suite.registry.bondOf(account, role);
        uint256 needed = inFlightOf[account] + budget;
        if (octoBond * 5 < needed) bond(account, role, needed / 5 + 1 - octoBond, 0);
    }

    /// @dev One of the providers; in place of one that was banned comes a new one.
    function worker(uint256 seed) internal returns (address) {
        uint256 index = seed % providers.length;
        if (suite.desk.isBanned(providers[index])) providers[index] = _recruit();
        return providers[index];
    }

    function coordinator() internal returns (address) {
        if (suite.desk.isBanned(orchestrator)) orchestrator = _recruit();
        return orchestrator;
    }

    function deposit(address account, uint256 amount) internal {
        supply(account, amount);
        VM.prank(account);
        suite.settlement.deposit(account, uint128(amount));
        cameIn += amount;
        accounts[account].credit += amount;
    }

    function allow(address account, address market, bool allowed) internal {
        if (consentOf[account][market] == allowed) return;
        VM.prank(account);
        suite.settlement.setCreditConsent(market, allowed);
        consentOf[account][market] = allowed;
    }

    function unpause() internal {
        if (!paused) return;
        VM.prank(suite.admin);
        suite.settlement.unpauseMarket(address(suite.jobMarket));
        paused = false;
    }

    /// @dev A call that must be refused, and for this reason. If it is not, every invariant run ends.
    function refused(address caller, address target, bytes memory data, bytes4 reason, string memory law) internal {
        VM.prank(caller);
        (bool succeeded, bytes memory answer) = target.call(data);
        if (succeeded || bytes4(answer) != reason) violation = law;
    }

    function signed(address signer, bytes32 digest) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(keyOf[signer], digest);
        return abi.encodePacked(r, s, v);
    }

    function _recruit() private returns (address account) {
        account = _actor(100 + actors.length);
        _equip(account);
    }

    function _actor(uint256 key) private returns (address account) {
        account = VM.addr(key);
        keyOf[account] = key;
        actors.push(account);
    }

    /// @dev Gives every allowance that it may need, and a million OCTO.
    function _equip(address account) private {
        address[7] memory spenders = [
            address(suite.settlement),
            address(suite.jobMarket),
            address(suite.engine),
            address(suite.registry),
            address(suite.pools),
            address(suite.disputes),
            otherMarket
        ];
        for (uint256 i = 0; i < spenders.length; ++i) {
            VM.prank(account);
            suite.octo.approve(spenders[i], type(uint256).max);
        }
        for (uint8 role = 1; role <= ROLE_COUNT; ++role) {
            IRoleToken token = roleTokenOf(suite, RoleId.wrap(role));
            VM.prank(account);
            token.approve(address(suite.registry), type(uint256).max);
        }
        supply(account, 1_000_000e18);
    }
}
