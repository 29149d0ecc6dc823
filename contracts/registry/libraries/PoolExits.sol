// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_BPS} from "../../shared/Bps.sol";
import {DelegationPool, ExitBucket, ExitRow} from "../types/DelegationPool.sol";

/// @title What leaves a delegation pool
/// @dev All exits of a day are one bucket with shares of its own, so a slash costs the same for one exit and for a
/// thousand. A bucket takes tokens before it is free and gives them after, and only slashes lower its price, from 1.
///
/// An exit of day `d` was asked for in the 24 hours up to the midnight of day `d - 7`, and counts as asked for at their
/// end: offences up to there reach it. They reach it until it is free, and an exit of which disputes keep a part is not
/// free. While any dispute is open, all keep the same part, of the exits that the earliest of them found not free and of
/// all later ones, but of none for more than 60 days after its day, however disputes follow each other. So at most 8
/// buckets are read, and 68 while a dispute is open.
library PoolExits {
    uint256 private constant UNBONDING = 7 days;

    // The slashing desk decides each dispute in less.
    uint256 private constant LONGEST_FREEZE_DAYS = 60;

    // Below a price of 1e-4 a bucket is closed for later exits: the bound of the pools' shares, 2^107, holds here too.
    uint256 private constant MIN_PRICE_INVERSE = 10_000;

    /// @return The first midnight (UTC) at least seven days after `time`, in days since 1970.
    function dayOfExit(uint256 time) internal pure returns (uint256) {
        return (time + UNBONDING + 1 days - 1) / 1 days;
    }

    /// @dev Puts `amount` into the bucket of `day`, which is not free yet, so nothing of the row is paid out.
    function add(DelegationPool storage pool, uint256 day, address delegator, uint256 amount) internal {
        ExitBucket storage bucket = pool.exits[day];
        if (bucket.tokens * MIN_PRICE_INVERSE < bucket.shares) _close(pool, day);

        ExitRow memory row = pool.exitRows[day][delegator];
        if (row.generation != bucket.generation) {
            // What slashes left of its earlier exits of the day comes along.
            if (row.shares != 0) amount += _take(pool.closedExits[day][row.generation], row.shares);
            (row.shares, row.generation) = (0, bucket.generation);
        }
        (uint256 tokens, uint256 all) = (bucket.tokens, bucket.shares);
        uint256 shares = tokens == 0 ? amount : (amount * all) / tokens; // down: in favour of the others
        // There is less OCTO than 2^96, and there are fewer shares than 2^112, see above.
        (bucket.tokens, bucket.shares) = (uint96(tokens + amount), uint112(all + shares));
        row.shares += uint112(shares);
        pool.exitRows[day][delegator] = row;
    }

    /// @dev Pays out `shares` of a delegator's row.
    /// @return amount In wei of OCTO.
    function pay(
        DelegationPool storage pool,
        uint256 day,
        address delegator,
        uint256 shares
    ) internal returns (uint256 amount) {
        ExitRow memory row = pool.exitRows[day][delegator];
        amount = _take(bucketOf(pool, day, row), shares);
        row.paid += uint112(shares); // at most `row.shares`
        if (row.paid == row.shares) delete pool.exitRows[day][delegator];
        else pool.exitRows[day][delegator] = row;
    }

    /// @dev Takes `amount` from the buckets from `first` on, in proportion to the `exposed` stake of which they are a part.
    /// @return taken In wei of OCTO: each bucket's part is rounded down.
    function slash(
        DelegationPool storage pool,
        uint256 first,
        uint256 amount,
        uint256 exposed
    ) internal returns (uint256 taken) {
        uint256 last = dayOfExit(block.timestamp);
        for (uint256 day = first; day <= last; ++day) {
            uint256 tokens = pool.exits[day].tokens;
            if (tokens == 0) continue;
            uint256 part = (tokens * amount) / exposed;
            pool.exits[day].tokens = uint96(tokens - part); // at most itself
            taken += part;
        }
    }

    /// @return tokens What the buckets from `first` on hold, in wei of OCTO.
    function tokensFrom(DelegationPool storage pool, uint256 first) internal view returns (uint256 tokens) {
        uint256 last = dayOfExit(block.timestamp);
        for (uint256 day = first; day <= last; ++day) {
            tokens += pool.exits[day].tokens;
        }
    }

    /// @return The first day whose exits an offence reaches.
    function firstExposedDay(DelegationPool storage pool, uint256 offenceAt) internal view returns (uint256) {
        return Math.max(dayOfExit(Math.min(offenceAt, block.timestamp)), firstKeptDay(pool));
    }

    /// @return The first day whose exits are not free, or not all of them.
    function firstKeptDay(DelegationPool storage pool) internal view returns (uint256) {
        uint256 tomorrow = block.timestamp / 1 days + 1;
        if (pool.frozen == 0) return tomorrow;
        return Math.min(tomorrow, Math.max(pool.frozenFrom, tomorrow - LONGEST_FREEZE_DAYS));
    }

    /// @dev Of a day that has come.
    /// @return The shares of the row that can be paid out now; rounded down, in favour of the dispute.
    function freeShares(DelegationPool storage pool, uint256 day, ExitRow memory row) internal view returns (uint256) {
        if (day < firstKeptDay(pool)) return row.shares - row.paid;

        uint256 free = (row.shares * Math.saturatingSub(MAX_BPS, pool.frozen)) / MAX_BPS;
        return Math.saturatingSub(free, row.paid);
    }

    /// @return The bucket of which the row has shares.
    function bucketOf(
        DelegationPool storage pool,
        uint256 day,
        ExitRow memory row
    ) internal view returns (ExitBucket storage) {
        ExitBucket storage bucket = pool.exits[day];
        return row.generation == bucket.generation ? bucket : pool.closedExits[day][row.generation];
    }

    /// @return What `shares` of the bucket are worth, in wei of OCTO, rounded down.
    function worth(ExitBucket memory bucket, uint256 shares) internal pure returns (uint256) {
        return bucket.shares == 0 ? 0 : (shares * bucket.tokens) / bucket.shares;
    }

    function _take(ExitBucket storage bucket, uint256 shares) private returns (uint256 amount) {
        amount = worth(bucket, shares);
        // Each is at most itself.
        (bucket.tokens, bucket.shares) = (uint96(bucket.tokens - amount), uint112(bucket.shares - shares));
    }

    /// @dev Sets aside what slashes have left of the bucket, less than 1e-4 of it and out of the reach of more: exits that
    /// come later on the day neither pay for it nor are kept out by its price.
    function _close(DelegationPool storage pool, uint256 day) private {
        ExitBucket memory bucket = pool.exits[day];
        pool.closedExits[day][bucket.generation] = bucket;
        pool.exits[day] = ExitBucket({tokens: 0, shares: 0, generation: bucket.generation + 1});
    }
}
