<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\OpenCart\Operation;
use Fiscalgate\Sdk\OpenCart\Results;
use Fiscalgate\Sdk\Outcome;
use PHPUnit\Framework\TestCase;

/**
 * Bringing operations to the gateway: later if it is away, never twice, and never anything else under the same number.
 */
final class WorkerTest extends TestCase
{
    private function sold(): FakeShop
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        return $shop;
    }

    private static function body(FakeTransport $transport, int $i): array
    {
        parse_str($transport->getRequests()[$i]->getBody(), $fields);
        return $fields;
    }

    public function testAnAcceptedReceiptWaitsForItsResultAndIsAskedAfter(): void
    {
        $shop = $this->sold();
        $status = json_encode(['result' => true, 'id' => '0123456789abcdef', 'order_id' => '1237', 'state' => 'done', 'seq' => 7,
            'commands' => [['mark' => FakeShop::outcome('1237', 'done', 7)['0']]]]);
        $transport = new FakeTransport(FakeShop::accepted('1237'), new Response(200, $status));
        self::assertSame(1, $shop->plugin($transport)->cron());
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame(
            ['queued', '0123456789abcdef', 'https://gateway.example/r/0123456789abcdef'],
            [$sale->state(), $sale->task(), $sale->page()]
        );
        self::assertSame('1237', self::body($transport, 0)['BIT_ORDER_ID']);
        self::assertSame(0, $shop->plugin($transport)->cron(), 'not yet');
        $shop->now += 31;
        self::assertSame(1, $shop->plugin($transport)->cron());
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame(['done', 7, 0, 41], [$sale->state(), $sale->seq(), $sale->due(), $sale->mark()->getDocument()]);
        $shop->now += 86400;
        self::assertSame(0, $shop->plugin($transport)->cron(), 'it is over');
    }

    public function testWhileTheGatewayIsAwayTheSameIsTriedAgainAndNothingElseIsHeldUp(): void
    {
        $shop = $this->sold();
        $shop->plainOrder(1238);
        $shop->desk()->orderChanged(1238);
        $transport = new FakeTransport(new TransportException('no answer'), FakeShop::accepted('1238'), FakeShop::accepted('1237'));
        self::assertSame(1, $shop->plugin($transport)->cron(), 'one try tells that it is away');
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::FRESH, 'later', 1], [$sale->state(), $sale->reason(), $sale->tries()]);
        self::assertTrue($shop->operations()->isGatewayAway(60));
        $shop->now += 200;
        self::assertFalse($shop->operations()->isGatewayAway(60));
        self::assertSame(2, $shop->plugin($transport)->cron());
        self::assertSame(self::body($transport, 0), self::body($transport, 2), 'byte for byte');
        self::assertSame(['queued', ''], [$shop->find(1237, Operation::SALE)->state(), $shop->find(1237, Operation::SALE)->error()]);
    }

    /** @dataProvider garbage */
    public function testGarbageIsNoAnswer(Response $answer): void
    {
        $shop = $this->sold();
        $shop->plugin(new FakeTransport($answer))->cron();
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::FRESH, 'later', true], [$sale->state(), $sale->reason(), $sale->mayBeThere()]);
        self::assertGreaterThan($shop->now, $sale->due());
    }

    /** @return array<string, array{Response}> */
    public static function garbage(): array
    {
        return ['a page' => [new Response(200, '<html>')], 'of another order' => [FakeShop::accepted('9')],
            'empty' => [new Response(200, '')], 'a proxy' => [new Response(502, '<h1>Bad Gateway</h1>')],
            'a null byte' => [new Response(200, "\0")]];
    }

    public function testARefusalWaitsForSomebodyAndIsMadeAnewThen(): void
    {
        $shop = $this->sold();
        $refusal = json_encode(['result' => false, 'code' => 'invalid', 'error' => 'Чек с ошибкой',
            'errors' => [['path' => '/0/data', 'code' => 'vat', 'message' => 'Ставка']]]);
        $shop->plugin(new FakeTransport(new Response(422, $refusal)))->cron();
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::BLOCKED, 'receipt', 0, false], [$sale->state(), $sale->reason(), $sale->due(), $sale->mayBeThere()]);
        self::assertStringContainsString('Ставка', $sale->error());
        $shop->set(['vat' => 11]);
        self::assertTrue($shop->desk()->retry($shop->plugin()->reader()->read(1237), $sale));
        self::assertSame(['Товар 3: 3333 x 3, 11', 'Доставка: 30000 x 1, 11'], $shop->lines(1237, Operation::SALE));
    }

    public function testWhatMayBeThereIsNeverMadeAnew(): void
    {
        $shop = $this->sold();
        $before = $shop->find(1237, Operation::SALE)->submission()->getJson();
        $refusal = new Response(401, json_encode(['result' => false, 'code' => 'unauthorized', 'error' => 'Нет']));
        $plugin = $shop->plugin(new FakeTransport(new TransportException('lost'), $refusal));
        $plugin->cron();
        $shop->now += 200;
        $plugin->cron();
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::BLOCKED, 'settings', true], [$sale->state(), $sale->reason(), $sale->mayBeThere()]);
        $shop->set(['vat' => 11]);
        $shop->desk()->retry($shop->plugin()->reader()->read(1237), $sale);
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::FRESH, $before], [$sale->state(), $sale->submission()->getJson()]);
    }

    public function testAConflictIsShown(): void
    {
        $shop = $this->sold();
        $shop->plugin(new FakeTransport(new Response(409, '{"result":false,"code":"conflict","error":"x"}')))->cron();
        self::assertSame('conflict', $shop->find(1237, Operation::SALE)->reason());
    }

    public function testARefundWaitsForItsSale(): void
    {
        $shop = $this->sold();
        $shop->status(1237, FakeShop::REFUNDED);
        $shop->desk()->orderChanged(1237);
        $transport = new FakeTransport(FakeShop::accepted('1237'), FakeShop::accepted('1237-refund-1', 'fedcba9876543210'));
        $shop->plugin($transport)->cron();
        self::assertSame([Operation::FRESH, 'sale'], [$shop->find(1237, 'refund-1')->state(), $shop->find(1237, 'refund-1')->reason()]);
        $shop->print(1237, Operation::SALE);
        self::assertSame(1, $shop->plugin($transport)->cron(), 'the result of the sale has woken it');
        self::assertSame('queued', $shop->find(1237, 'refund-1')->state());
    }

    public function testAResultThatIsQuickerThanTheAnswerIsKept(): void
    {
        $shop = $this->sold();
        $sale = $shop->operations()->due(9)[0];
        $shop->print(1237, Operation::SALE);
        $shop->operations()->accept($sale, 'fedcba9876543210', 'https://gateway.example/r/x', 'queued', 30);
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame(['done', 'https://gateway.example/r/x', 0], [$sale->state(), $sale->page(), $sale->due()]);
    }

    public function testARepeatOfWhatIsOverBringsItsResult(): void
    {
        $shop = $this->sold();
        $answer = json_decode(FakeShop::accepted('1237')->getBody(), true);
        $answer = ['state' => 'done', 'duplicate' => true, 'outcome' => FakeShop::outcome('1237', 'done', 5)] + $answer;
        $shop->plugin(new FakeTransport(new Response(200, json_encode($answer))))->cron();
        self::assertSame(['done', 5], [$shop->find(1237, Operation::SALE)->state(), $shop->find(1237, Operation::SALE)->seq()]);
    }

    public function testARowIsOneWorkersAlone(): void
    {
        $shop = $this->sold();
        $row = $shop->operations()->due(9)[0];
        self::assertNotNull($shop->operations()->lease($row));
        self::assertNull($shop->operations()->lease($row));
        self::assertSame([], $shop->operations()->due(9));
        $shop->now += 61;
        self::assertNotNull($shop->operations()->lease($row), 'that one must have died');
    }

    public function testAnOlderResultChangesNothing(): void
    {
        $shop = $this->sold();
        $results = new Results($shop->operations());
        $results->take(Outcome::from(FakeShop::outcome('1237', 'done', 5)));
        $results->take(Outcome::from(FakeShop::outcome('1237', 'failed', 4)));
        $results->take(Outcome::from(FakeShop::outcome('1237', 'failed', 5)));
        self::assertSame('done', $shop->find(1237, Operation::SALE)->state());
    }

    public function testNothingIsSentWhileTheSettingsAreWrong(): void
    {
        $shop = $this->sold();
        $shop->set(['taxation' => 0]);
        self::assertSame(0, $shop->plugin(new FakeTransport())->cron());
        self::assertSame([], $shop->log);
    }
}
