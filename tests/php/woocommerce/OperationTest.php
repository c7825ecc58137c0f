<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\Accepted;
use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Status;
use Fiscalgate\Sdk\Submission;
use FiscalgateWoo\Operation;
use FiscalgateWoo\Order_Store;
use FiscalgateWoo\Receipt_Maker;
use FiscalgateWoo\Settings;
use PHPUnit\Framework\TestCase;

final class OperationTest extends TestCase
{
    public const MARK = ['type' => 'kktReceiptFiscalization', 'state' => 'done', 'fn_1041' => '9999078900012345', 'fd_1040' => 7,
        'fpd_1077' => '0123456789', 'dateTime_1012' => '2026-11-21T13:15:00', 'total_1020' => '10.00', 'receiptType_1054' => 1];

    public static function planned(string $key = Operation::SALE, ?OrderNumber $number = null): Operation
    {
        $operation = Operation::of($key, $number ?? OrderNumber::sale('1237'), 1000);
        $bill = Orders::bill([['Чай "Иван" \\ 100 г', 1000]], 1000);
        $receipt = (new Receipt_Maker(new Settings([]), 'https://shop.example'))->sale($bill, PaymentMethod::FULL);
        $account = new Account('https://gateway.example', 'shop', 'token', 'code');
        $operation->plan($receipt, Submission::of($operation->number(), $receipt, $account), PaymentMethod::FULL);
        return $operation;
    }

    /** @param array<string, mixed> $more */
    public static function outcome(array $more = []): Outcome
    {
        return Outcome::from($more + ['id' => 'task-1', 'order_id' => '1237', 'seq' => 5, 'state' => 'done', self::MARK]);
    }

    private static function sent(): Operation
    {
        $operation = self::planned();
        $operation->accept(new Accepted(['id' => 'task-1', 'state' => 'queued', 'receipt_url' => 'https://gateway.example/r/x']));
        return $operation;
    }

    public function testIsStoredWhole(): void
    {
        $operation = self::planned();
        $again = Operation::from_text($operation->to_text());
        self::assertSame($operation->to_text(), $again->to_text());
        self::assertSame($operation->submission()->getJson(), $again->submission()->getJson());
        self::assertSame([1000, 'planned', true], [$again->total(), $again->state(), $again->is_open()]);
    }

    /** @dataProvider broken */
    public function testWhatIsBrokenIsNoOperation(string $text): void
    {
        self::assertNull(Operation::from_text($text));
    }

    public static function broken(): array
    {
        return [[''], ['x'], ['[]'], ['{"key":1,"number":"1"}'], ['{"key":"sale"}']];
    }

    public function testFieldsOfAnotherTypeAreAsIfTheyWereMissing(): void
    {
        $operation = Operation::from_text('{"key":"sale","number":"1","due":"soon","seen":"x","state":"done","mark":{"fn_1041":1}}');
        self::assertSame([0, 'done', null, false], [$operation->due(), $operation->state(), $operation->mark(), $operation->has_seen('x')]);
    }

    public function testGoesFromPlannedToDone(): void
    {
        $operation = self::sent();
        self::assertSame(['sent', 'task-1', 'https://gateway.example/r/x'], [$operation->state(), $operation->id(), $operation->page()]);
        self::assertTrue($operation->apply_outcome(self::outcome()));
        self::assertSame(['done', false, 7], [$operation->state(), $operation->is_open(), $operation->mark()->getDocument()]);
        self::assertFalse($operation->has_receipt(), 'the contact of the buyer is kept no longer than it is needed');
        self::assertFalse($operation->may_retry());
    }

    public function testACallbackMayBeQuickerThanTheAnswerToThePost(): void
    {
        $operation = self::planned();
        self::assertTrue($operation->apply_outcome(self::outcome()));
        $operation->accept(new Accepted(['id' => 'task-1', 'state' => 'queued']));
        $operation->fail(new TransportException('lost'), 60, 1000);
        self::assertSame('done', $operation->state());
    }

    public function testOnlyAResultOfThisTryAndThisTaskCounts(): void
    {
        $operation = self::sent();
        self::assertFalse($operation->apply_outcome(self::outcome(['order_id' => '1237-settle'])));
        self::assertFalse($operation->apply_outcome(self::outcome(['order_id' => '1237-try-2'])));
        self::assertFalse($operation->apply_outcome(self::outcome(['id' => 'task-2'])));
        self::assertSame('sent', $operation->state());
        $empty = Operation::of(Operation::SALE, OrderNumber::sale('1237'), 0);
        self::assertFalse($empty->apply_outcome(self::outcome()), 'nothing was ever posted');
    }

    public function testAnOlderResultChangesNothing(): void
    {
        $operation = self::sent();
        $operation->remember('w1', 9);
        self::assertTrue($operation->apply_outcome(self::outcome(['seq' => 8, 'state' => 'failed'])));
        $operation->apply_status(new Status(['state' => 'failed', 'seq' => 8]));
        self::assertSame('sent', $operation->state());
        self::assertTrue($operation->has_seen('w1'));
        self::assertTrue($operation->apply_outcome(self::outcome(['seq' => 10])));
        $operation->apply_outcome(self::outcome(['seq' => 11, 'state' => 'failed']));
        self::assertSame('done', $operation->state(), 'what is printed stays printed');
    }

    public function testNobodyKnows(): void
    {
        $operation = self::sent();
        $operation->apply_status(new Status(['state' => 'unknown', 'seq' => 1, 'error' => 'нет ответа']));
        self::assertSame([true, true, false], [$operation->is_open(), $operation->needs_attention(), $operation->may_retry()]);
        $operation->apply_outcome(self::outcome());
        self::assertSame('done', $operation->state());
    }

    /** @dataProvider failures */
    public function testWhoHasToDoSomething(string $state, string $reason, bool $isNew, \Throwable $error, ?int $pause): void
    {
        $operation = self::planned();
        $operation->fail($error, $pause, 1000);
        self::assertSame([$state, $reason, $isNew], [$operation->state(), $operation->reason(), $operation->retry_is_new()]);
        self::assertSame($pause === null ? 0 : 1000 + $pause, $operation->due());
        self::assertSame($pause === null, $operation->needs_attention());
        $operation->restart(2000);
        self::assertSame(['planned', '', '', 0, '1237'], [$operation->state(), $operation->reason(), $operation->error(),
            $operation->tries(), (string) $operation->number()]);
        self::assertSame(!$isNew, $operation->has_receipt());
    }

    public static function failures(): array
    {
        return [
            'no answer' => ['planned', 'later', false, new TransportException('x'), 60],
            'no answer for days' => ['refused', 'later', false, new TransportException('x'), null],
            'a wrong code' => ['refused', 'settings', true, new ApiException(401, 'unauthorized', 'x'), null],
            'a receipt that is refused' => ['refused', 'receipt', true, new ApiException(422, 'invalid', 'x'), null],
            'an order that does not add up' => ['refused', 'receipt', true, new ValidationException('x', 'y'), null],
            'another content' => ['refused', 'conflict', false, new ApiException(409, 'conflict', 'x'), null],
        ];
    }

    public function testAnotherReceiptIsMadeOnlyOfOneThatSurelyWasNotPrinted(): void
    {
        $operation = self::sent();
        $operation->apply_outcome(self::outcome(['state' => 'failed', 'error' => 'бумага', 'advice' => 'вставьте']));
        self::assertSame(['failed', 'бумага', 'вставьте', true], [$operation->state(), $operation->error(), $operation->advice(),
            $operation->may_retry()]);
        $operation->restart(2000);
        self::assertSame(['1237-try-2', '', 0, false], [(string) $operation->number(), $operation->id(), $operation->seq(),
            $operation->has_receipt()]);
    }

    public function testWhatAnOrderComesTo(): void
    {
        $done = self::sent();
        $done->apply_outcome(self::outcome());
        $refused = self::planned();
        $refused->fail(new ApiException(401, 'x', 'x'), null, 0);
        self::assertSame('quiet', Order_Store::summary([]));
        self::assertSame('quiet', Order_Store::summary([$done]));
        self::assertSame('open', Order_Store::summary([$done, self::planned()]));
        self::assertSame('attention', Order_Store::summary([self::planned(), $refused, $done]));
    }

    public function testTheOrderThatANumberNames(): void
    {
        self::assertSame([1237, 1237, 0, 0, 0, 7], [Order_Store::id_of('1237'), Order_Store::id_of('shop-1237'),
            Order_Store::id_of('nobody'), Order_Store::id_of('0'), Order_Store::id_of(''), Order_Store::id_of('12a7')]);
    }
}
