<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Bitrix\Main\Web\HttpClient;
use Bitrix\Sale\Cashbox\CheckManager;
use Fiscalgate\Cashbox\Agent;
use Fiscalgate\Cashbox\BitrixTransport;
use Fiscalgate\Cashbox\CallbackPage;
use Fiscalgate\Cashbox\Operation;
use Fiscalgate\Cashbox\Services;
use Fiscalgate\Cashbox\TableOperations;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Request;
use PHPUnit\Framework\TestCase;

final class WorkerTest extends TestCase
{
    private const NUMBER = 'bx1-1237';

    protected function setUp(): void
    {
        World::fresh();
        World::services()->eventTrack()->onPaid(World::order());
    }

    public function testAgentPostsAndAsksUntilItIsPrinted(): void
    {
        self::assertSame(Agent::NAME, Agent::run(World::services(World::accepted(self::NUMBER))));
        $operation = World::find(self::NUMBER);
        self::assertSame(['queued', World::ID], [$operation->state, $operation->taskId]);
        self::assertGreaterThan(time(), $operation->dueAt);
        Agent::run(World::services()); // not due: asks nobody
        $this->makeDue();
        Agent::run(World::services(World::status(self::NUMBER, 'done')));
        $operation = World::find(self::NUMBER);
        self::assertTrue($operation->isPrinted());
        self::assertSame([42, 0], [$operation->mark['fd_1040'], $operation->dueAt]);
    }

    public function testGatewayThatIsAwayIsTriedAgainWithTheSamePost(): void
    {
        $transport = new FakeTransport(new TransportException('no answer'), World::refusal(503, 'unavailable'), World::accepted(self::NUMBER));
        $services = new Services(null, null, $transport);
        for ($i = 0; $i < 3; ++$i) {
            Agent::run($services);
            $this->makeDue();
        }
        $bodies = array_map(static function (Request $request): string {
            return $request->getBody();
        }, $transport->getRequests());
        self::assertCount(3, $bodies);
        self::assertCount(1, array_unique($bodies));
        self::assertSame('queued', World::find(self::NUMBER)->state);
    }

    public function testTriesGoOnForEverAndGrowRarer(): void
    {
        $operation = World::find(self::NUMBER);
        $operation->tries = 50;
        World::services(new TransportException('no answer'))->worker()->advance($operation);
        self::assertSame('new', World::find(self::NUMBER)->state);
        self::assertGreaterThan(time() + 80000, World::find(self::NUMBER)->dueAt);
    }

    public function testWrongSettingsStopAndAreSaid(): void
    {
        World::services(World::refusal(401, 'unauthorized'))->worker()->advance(World::find(self::NUMBER));
        $operation = World::find(self::NUMBER);
        self::assertSame(['refused', 0], [$operation->state, $operation->dueAt]);
        self::assertStringContainsString('unauthorized', $operation->error);
    }

    public function testAgentNeverEndsItself(): void
    {
        $broken = new Services(null, null, new FakeTransport(new \Fiscalgate\Sdk\Http\Response(200, 'garbage')));
        self::assertSame(Agent::NAME, Agent::run($broken));
        self::assertSame('new', World::find(self::NUMBER)->state);
        $this->makeDue();
        self::assertSame(Agent::NAME, Agent::run(World::services())); // one request more than there are answers
    }

    public function testCallbackIsBelievedByItsSignatureOnly(): void
    {
        $page = new CallbackPage(World::services());
        $clock = static function (): int {
            return 1790000000;
        };
        $answers = [];
        foreach ([['wrong', self::NUMBER], [World::CODE, 'bx1-404'], [World::CODE, self::NUMBER], [World::CODE, self::NUMBER]] as $each) {
            [$headers, $body] = World::callback($each[1], 'done', [], $each[0]);
            $answers[] = $page->receive($headers, $body, $clock)->getStatus();
        }
        self::assertSame([401, 404, 200, 200], $answers);
        $operation = World::find(self::NUMBER);
        self::assertTrue($operation->isPrinted());
        self::assertSame([5, 'hook-1', 42], [$operation->seq, $operation->webhookId, $operation->mark['fd_1040']]);
        [$headers, $body] = World::callback(self::NUMBER, 'failed', ['seq' => 4]);
        $headers['HTTP_WEBHOOK_ID'] = 'hook-0';
        self::assertSame(401, $page->receive($headers, $body, $clock)->getStatus());
    }

    public function testOlderResultReplacesNothing(): void
    {
        $operation = World::find(self::NUMBER);
        [$operation->state, $operation->seq, $operation->webhookId] = ['done', 9, 'hook-9'];
        (new TableOperations())->save($operation);
        [$headers, $body] = World::callback(self::NUMBER, 'failed');
        $answer = (new CallbackPage(World::services()))->receive($headers, $body, static function (): int {
            return 1790000000;
        });
        self::assertSame(200, $answer->getStatus());
        self::assertTrue(World::find(self::NUMBER)->isPrinted());
    }

    public function testCallbackOfACheckTellsTheCore(): void
    {
        $check = World::check();
        $check->fields['EXTERNAL_UUID'] = World::cashbox()->printImmediately($check)->getData()['UUID'];
        [$headers, $body] = World::callback('bx1-check-85', 'done');
        (new CallbackPage(World::services()))->receive($headers, $body, static function (): int {
            return 1790000000;
        });
        self::assertSame(42, CheckManager::$saved[85][0]['LINK_PARAMS']['fiscal_doc_number']);
    }

    public function testTransportOverTheClientOfBitrix(): void
    {
        HttpClient::$answer = [503, '{}', ['Retry-After' => '7']];
        $response = (new BitrixTransport())->send(new Request('POST', 'https://gate.example/x', ['A' => 'b'], 'body'));
        self::assertSame([503, '{}', '7'], [$response->getStatus(), $response->getBody(), $response->getHeader('Retry-After')]);
        $last = HttpClient::$last;
        self::assertSame(['POST', 'https://gate.example/x', 'body', ['A' => 'b']], [$last['method'], $last['url'], $last['body'], $last['headers']]);
        self::assertFalse($last['options']['redirect']);
        self::assertFalse($last['options']['disableSslVerification']);
        HttpClient::$answer = null;
        try {
            (new BitrixTransport())->send(new Request('GET', 'https://gate.example/x'));
            self::fail('there was no answer');
        } catch (TransportException $e) {
            self::assertStringNotContainsString('secret', $e->getMessage());
        }
    }

    private function makeDue(): void
    {
        $operation = World::find(self::NUMBER);
        $operation->dueAt = $operation->dueAt === 0 ? 0 : 1;
        (new TableOperations())->save($operation);
    }
}
